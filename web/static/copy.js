// Buttons with data-copy write that text to the clipboard and say so for two
// seconds; they are hidden until this module has run.
document.documentElement.classList.add('can-copy')
const announcer = document.createElement('div')
announcer.className = 'hidden-text'
announcer.setAttribute('role', 'status')
document.body.append(announcer)

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]')
  if (!button || !navigator.clipboard) return
  await navigator.clipboard.writeText(button.dataset.copy)
  const label = button.querySelector('.label')
  const before = label.textContent
  if (before === button.dataset.copied) return
  label.textContent = announcer.textContent = button.dataset.copied
  setTimeout(() => { label.textContent = before; announcer.textContent = '' }, 2000)
})
