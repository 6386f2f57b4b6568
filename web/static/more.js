// "More" appends the rest of a conversation, or of the replies to a comment, in
// place and moves the focus to the first new one; without this module, or after
// a failure, it is a plain link.
document.addEventListener('click', async event => {
  const link = event.target.closest('.load-more a[rel=next], .rest a[rel=next]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  link.setAttribute('aria-busy', 'true')
  try {
    const more = await page(link.href)
    const added = [...more.querySelectorAll('.responses > .thread > .comment')]
    const next = more.querySelector('.load-more a[rel=next]')
    for (const one of more.querySelectorAll('.comment')) document.getElementById(one.id)?.remove() // it came by itself meanwhile
    if (link.closest('.rest')) unfold(link, added, next)
    else append(added, next)
    const first = added[0]?.querySelector('article')
    first?.setAttribute('tabindex', '-1')
    first?.focus()
  } catch {
    location.href = link.href
  }
})

async function page(address) {
  const answer = await fetch(address, {headers: {Accept: 'text/html'}})
  if (!answer.ok) throw new Error(answer.statusText)
  return new DOMParser().parseFromString(await answer.text(), 'text/html')
}

function append(added, next) {
  document.querySelector('.responses > .thread').append(...added)
  const link = document.querySelector('.load-more a[rel=next]')
  if (next) link.replaceWith(next)
  else link.remove()
}

// unfold puts replies in the place of the link to them.
function unfold(link, added, next) {
  const rest = link.closest('.rest')
  rest.before(...added)
  next?.classList.remove('button')
  if (next) link.replaceWith(next)
  else rest.remove()
}
