// Links with data-dialog open their dialog in place; without this module the
// same links lead to the dialog by :target, or to a page with the same form.
document.addEventListener('click', event => {
  const opener = event.target.closest('[data-dialog]')
  if (opener) return open(event, opener)
  const closer = event.target.closest('[data-close]')
  const dialog = closer?.closest('dialog')
  if (dialog?.open) {
    event.preventDefault()
    dialog.close()
  }
})

function open(event, opener) {
  const dialog = document.getElementById(opener.dataset.dialog)
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  address(dialog, opener.dataset.uri ?? dialog.dataset.uri, opener.dataset.uri ?? dialog.dataset.link)
  intend(dialog, opener.dataset.do ?? 'reply')
  if (!dialog.open) dialog.showModal()
}

// address makes the dialog speak of one comment, or of the article again.
function address(dialog, uri, link) {
  const input = dialog.querySelector('input[name=uri]')
  if (!input) return
  input.value = uri
  for (const code of dialog.querySelectorAll('.handle code')) code.textContent = link
  for (const copy of dialog.querySelectorAll('[data-copy]')) copy.dataset.copy = link
}

// intend makes the dialog say what the reader will do on their own server.
function intend(dialog, what) {
  const input = dialog.querySelector('input[name=do]')
  const title = dialog.querySelector('h2')
  if (!input || !title.dataset[what]) return
  input.value = what
  title.textContent = title.dataset[what]
}
