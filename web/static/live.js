// New responses come onto an open page, and changed ones change, without
// reloading it. What would move what is being read waits behind a button that
// says how many there are; the rest stands below at once. Without this module
// the page is as it was made.
const responses = document.querySelector('[data-live]')
const region = responses?.querySelector('.news')
const button = region?.querySelector('button')
const spoken = region?.querySelector('span')
let waiting = [] // what the button brings
let stream
let since = ''
let near = false // the responses are not far from what is read

if (responses && window.EventSource) {
  button.addEventListener('click', show)
  document.addEventListener('visibilitychange', listen)
  addEventListener('pageshow', listen)
  addEventListener('pagehide', hush)
  new IntersectionObserver(([responses], observer) => {
    if (!responses.isIntersecting) return
    observer.disconnect()
    near = true
    listen()
  }, { rootMargin: '100% 0px' }).observe(responses)
}

// A browser has few connections: a page that nobody sees lets go of its own.
function listen() {
  hush()
  if (document.hidden || !near) return
  const address = new URL(responses.dataset.live, location.href)
  if (since) address.searchParams.set('since', since)
  stream = new EventSource(address)
  stream.addEventListener('news', event => {
    since = event.lastEventId
    take(JSON.parse(event.data))
  })
}

function hush() {
  stream?.close()
}

function take(news) {
  responses.querySelector('h2').textContent = news.title
  for (const name of ['boosts', 'likes']) {
    for (const number of document.querySelectorAll(`[data-count=${name}]`)) number.textContent = news[name]
  }
  let added = 0
  for (const comment of news.comments) {
    const there = document.getElementById('c-' + comment.id)
    if (there) change(there, comment)
    else if (!comment.gone && !moves(comment)) added += put(comment)
  }
  if (added) say(added)
  offer()
}

// moves reports whether a comment would push what is on the screen, and keeps
// it for the button then.
function moves(comment) {
  const known = waiting.findIndex(other => other.id === comment.id)
  if (known >= 0) {
    waiting[known] = comment
    return true
  }
  const list = listFor(comment)
  const behind = waiting.some(other => other.id === comment.parent)
  if (!list && !behind) return false
  const end = list && (list.lastElementChild ?? list).getBoundingClientRect().bottom
  if (!behind && end > innerHeight) return false
  waiting.push(comment)
  return true
}

// listFor is where a comment belongs; nothing if this page does not show that.
function listFor(comment) {
  if (comment.parent) {
    const parent = document.getElementById('c-' + comment.parent)
    return parent && (parent.querySelector(':scope > .replies > ol') ?? parent)
  }
  return responses.dataset.open ? responses.querySelector(':scope > .thread') ?? responses.querySelector('.first-reply') : null
}

// put sets a comment in its place and returns how many it set.
function put(comment) {
  let list = listFor(comment)
  if (!list) return 0
  if (list.matches('.first-reply')) {
    const first = document.createElement('ol')
    first.className = 'thread'
    list.replaceWith(first)
    list = first
  }
  if (list.matches('li')) list = begin(list)
  if (responses.dataset.open === 'newest' && !comment.parent) list.prepend(made(comment))
  else list.insertBefore(made(comment), list.querySelector(':scope > .rest'))
  recount(list.closest('.replies'))
  return 1
}

function made(comment) {
  const template = document.createElement('template')
  template.innerHTML = comment.html
  return template.content.firstElementChild
}

// begin makes the list of replies of a comment that had none.
function begin(parent) {
  const replies = document.createElement('details')
  replies.className = 'replies'
  replies.open = true
  replies.innerHTML = '<summary><span></span></summary><ol></ol>'
  parent.append(replies)
  return replies.querySelector('ol')
}

function recount(replies) {
  for (; replies; replies = replies.parentElement.closest('.replies')) {
    if (!replies.querySelector('.rest')) {
      replies.querySelector('summary span').textContent = counted('replies', replies.querySelectorAll('.comment').length)
    }
  }
}

// change replaces what a comment says, not what stands below it.
function change(there, comment) {
  const now = made(comment)
  const before = there.querySelector(':scope > article')
  if (before.outerHTML === now.querySelector('article').outerHTML) return
  there.className = now.className
  before.replaceWith(now.querySelector('article'))
}

function show() {
  const brought = waiting
  waiting = []
  brought.forEach(put)
  offer()
  const first = document.getElementById('c-' + brought[0]?.id)?.querySelector('article')
  first?.setAttribute('tabindex', '-1')
  first?.focus()
}

function offer() {
  button.hidden = waiting.length === 0
  button.textContent = counted('news', waiting.length)
}

function say(added) {
  spoken.textContent = counted('news', added)
}

// counted is a number in words: the page brings them for one and for two.
function counted(name, n) {
  return n === 1 ? responses.dataset[name + 'One'] : responses.dataset[name + 'Two'].replace('2', n)
}
