// "More responses" appends the next page in place and moves the focus to the
// first new one; without this module, or after a failure, it is a plain link.
document.addEventListener('click', async event => {
  const link = event.target.closest('.load-more a[rel=next]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  link.setAttribute('aria-busy', 'true')
  try {
    append(await page(link.href))
  } catch {
    location.href = link.href
  }
})

async function page(address) {
  const answer = await fetch(address, {headers: {Accept: 'text/html'}})
  if (!answer.ok) throw new Error(answer.statusText)
  return new DOMParser().parseFromString(await answer.text(), 'text/html')
}

function append(page) {
  const added = page.querySelectorAll('.thread > .comment')
  const rest = page.querySelector('.load-more')
  document.querySelector('.thread').append(...added)
  document.querySelector('.load-more').replaceWith(rest ?? '')
  const first = added[0]?.querySelector('article')
  first?.setAttribute('tabindex', '-1')
  first?.focus()
}
