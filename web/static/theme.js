// What a reader chose for light or dark and for the size of text: this browser,
// and nobody else, remembers it. It is applied before anything is drawn; the
// controls in the footer are shown once they work.
const root = document.documentElement
const usual = {theme: 'system', size: 'normal'}

for (const name in usual) apply(name, chosen(name))

document.addEventListener('DOMContentLoaded', () => {
  for (const choice of document.querySelectorAll('.look')) {
    choice.hidden = false
    for (const input of choice.querySelectorAll('input')) input.checked = input.value === chosen(input.name)
    choice.addEventListener('change', event => {
      const {name, value} = event.target
      remember(name, value)
      apply(name, value)
    })
  }
})

// Other open pages of this blog follow.
addEventListener('storage', event => {
  const name = event.key?.replace('kabar-', '')
  if (name in usual) apply(name, event.newValue ?? usual[name])
})

function apply(name, value) {
  if (value === usual[name]) delete root.dataset[name]
  else root.dataset[name] = value
  if (name === 'theme') frame(value)
}

// frame tells the browser which of the two colours is around the page.
function frame(theme) {
  for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
    meta.dataset.scheme ??= meta.media.includes('dark') ? 'dark' : 'light'
    const {scheme} = meta.dataset
    meta.media = theme === 'system' ? `(prefers-color-scheme: ${scheme})` : theme === scheme ? 'all' : 'not all'
  }
}

function chosen(name) {
  try {
    return localStorage.getItem(`kabar-${name}`) ?? usual[name]
  } catch {
    return usual[name] // storage is switched off
  }
}

function remember(name, value) {
  try {
    if (value === usual[name]) localStorage.removeItem(`kabar-${name}`)
    else localStorage.setItem(`kabar-${name}`, value)
  } catch {
    // it holds for this page
  }
}
