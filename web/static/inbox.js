// The comfort of the inbox; without this module every step is a page of its own.
// Forms open in place and show previews and pictures without a new page, the
// bar above the list tells how many rows are ticked, and what has been done is
// announced.
const announcer = document.createElement('div')
announcer.className = 'hidden-text'
announcer.setAttribute('role', 'status')
document.body.append(announcer)
const announce = text => { if (text) setTimeout(() => { announcer.textContent = text }, 100) }

// After a decision the focus returns to the row, or to the one in its place.
document.getElementById(location.hash.slice(1))?.closest('.item, #list, .bulk')?.focus({preventScroll: true})
announce(document.querySelector('.studio-main > .notice > p')?.textContent)

select(document.getElementById('bulk'))

function select(bar) {
  if (!bar) return
  const all = bar.querySelector('[data-all]')
  const said = bar.querySelector('.selected')
  const boxes = () => [...document.querySelectorAll('input[form=bulk]')]
  all.closest('label').hidden = false
  bar.classList.add('counts')
  const count = () => {
    const ticked = boxes().filter(box => box.checked).length
    const {none, single, many} = said.dataset
    said.textContent = ticked === 0 ? none : ticked === 1 ? single : many.replace('2', ticked)
    all.checked = ticked > 0 && ticked === boxes().length
    all.indeterminate = ticked > 0 && !all.checked
    for (const button of bar.querySelectorAll('button')) button.disabled = ticked === 0
    return said.textContent
  }
  all.addEventListener('change', () => {
    for (const box of boxes()) box.checked = all.checked
    announce(count())
  })
  document.addEventListener('change', event => { if (event.target.matches('input[form=bulk]')) announce(count()) })
  addEventListener('pageshow', count)
  count()
}

document.addEventListener('click', async event => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  const cancel = event.target.closest('[data-cancel]')
  if (cancel) return close(event, cancel.closest('form'))
  const opener = event.target.closest('[data-form]')
  if (!opener) return
  event.preventDefault()
  try {
    await open(opener)
  } catch {
    location.href = opener.href
  }
})

async function open(opener) {
  let form = document.getElementById(opener.dataset.form)
  if (form && form.dataset.from !== opener.href) {
    form.remove()
    form = null
  }
  if (!form) {
    opener.setAttribute('aria-busy', 'true')
    form = formIn(await page(opener.href), opener.dataset.form)
    form.dataset.from = opener.href
    opener.removeAttribute('aria-busy')
    opener.closest('form').after(form)
  }
  form.hidden = false
  form.querySelector('textarea').focus()
}

// close keeps what was typed, should the form be opened again.
function close(event, form) {
  const opener = document.querySelector(`[data-form="${form.id}"]`)
  if (!opener) return
  event.preventDefault()
  form.hidden = true
  opener.focus()
}

async function page(address, options) {
  const answer = await fetch(address, options)
  return new DOMParser().parseFromString(await answer.text(), 'text/html')
}

function formIn(page, id) {
  const form = page.getElementById(id)
  if (!form) throw new Error('no form')
  return document.adoptNode(form)
}

document.addEventListener('submit', async event => {
  const form = event.target
  const button = event.submitter
  if (!form.matches('[data-reply]')) return
  if (!/^(preview|attach|drop:)/.test(button?.value) || form.dataset.plain) return leave(form)
  event.preventDefault()
  try {
    button.setAttribute('aria-busy', 'true')
    const answer = await page(form.action, {method: 'POST', body: new FormData(form, button)})
    replace(form, formIn(answer, form.id))
    announce(answer.querySelector('.studio-main > .notice > p')?.textContent)
  } catch {
    form.dataset.plain = '1' // as without this module: signed out, perhaps
    leave(form)
    form.requestSubmit(button)
  }
})

function replace(form, made) {
  made.dataset.from = form.dataset.from ?? ''
  form.replaceWith(made)
  changed.add(made)
  const place = made.querySelector('[aria-invalid]') ?? made.querySelector('.preview') ??
    [...made.querySelectorAll('[name=alt]')].find(alt => !alt.value) ?? made.querySelector('textarea')
  place.focus()
}

// Forms that came later than unsaved.js ask, too, before they are left behind.
const changed = new Set()
const leave = form => { changed.delete(form) }
document.addEventListener('input', event => {
  const form = event.target.closest('[data-reply]')
  if (form?.dataset.from) changed.add(form)
})
addEventListener('beforeunload', event => {
  if ([...changed].some(form => form.isConnected)) event.preventDefault()
})
