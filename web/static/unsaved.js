// A form with data-unsaved asks before its changes are left behind.
for (const form of document.querySelectorAll('form[data-unsaved]')) {
  let changed = form.hasAttribute('data-changed')
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  addEventListener('beforeunload', event => { if (changed) event.preventDefault() })
}
