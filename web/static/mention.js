// While a handle is typed in a field with data-completes, a list offers the
// people who follow or wrote here: arrows choose, Enter or Tab takes, Escape
// closes. Without this module handles are typed whole.
let list, field, start, asked = 0

document.addEventListener('input', event => {
  if (event.target.matches?.('[data-completes]')) look(event.target)
})
document.addEventListener('keydown', event => {
  if (list && event.target === field) key(event)
})
document.addEventListener('focusout', event => {
  if (event.target === field) close()
})

async function look(target) {
  const before = target.value.slice(0, target.selectionStart)
  const typed = /(?:^|[\s(])@([\w.-]+(?:@[\w.-]*)?)$/u.exec(before)
  const turn = ++asked
  if (!typed) return close()
  const address = target.closest('form').dataset.people + '?' + new URLSearchParams({q: typed[1]})
  const answer = await fetch(address).catch(() => null)
  if (turn !== asked || !answer?.ok || answer.redirected) return
  show(target, before.length - typed[1].length - 1, await answer.json())
}

function show(target, from, people) {
  close()
  if (!people.length || document.activeElement !== target) return
  field = target
  start = from
  list = document.createElement('ul')
  list.className = 'completions'
  list.id = field.id + '-people'
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', field.dataset.completes)
  list.append(...people.map(option))
  list.addEventListener('pointerdown', event => {
    event.preventDefault() // the focus stays in the text
    const chosen = event.target.closest('[role=option]')
    if (chosen) take(chosen)
  })
  field.after(list)
  field.setAttribute('aria-autocomplete', 'list')
  field.setAttribute('aria-haspopup', 'listbox')
  field.setAttribute('aria-controls', list.id)
  mark(list.firstElementChild)
}

function option(person, i) {
  const item = document.createElement('li')
  item.id = `person-${i}`
  item.setAttribute('role', 'option')
  item.dataset.handle = person.handle
  const name = document.createElement('strong')
  const handle = document.createElement('bdi')
  name.textContent = person.name
  handle.textContent = person.handle
  handle.dir = 'ltr'
  item.append(name, ' ', handle)
  return item
}

function mark(item) {
  for (const other of list.children) other.setAttribute('aria-selected', other === item)
  field.setAttribute('aria-activedescendant', item.id)
  item.scrollIntoView({block: 'nearest'})
}

function key(event) {
  const now = list.querySelector('[aria-selected=true]')
  const step = {ArrowDown: now.nextElementSibling ?? list.firstElementChild, ArrowUp: now.previousElementSibling ?? list.lastElementChild}[event.key]
  if (step) mark(step)
  else if (event.key === 'Enter' || event.key === 'Tab') take(now)
  else if (event.key === 'Escape') close()
  else return
  event.preventDefault()
}

function take(item) {
  const {handle} = item.dataset
  const target = field
  target.setSelectionRange(start, target.selectionStart)
  close()
  if (!document.execCommand('insertText', false, handle + ' ')) target.setRangeText(handle + ' ', target.selectionStart, target.selectionEnd, 'end')
}

function close() {
  list?.remove()
  for (const name of ['aria-controls', 'aria-activedescendant', 'aria-haspopup']) field?.removeAttribute(name)
  list = field = undefined
}
