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
  const uri = dialog.querySelector('input[name=uri]')
  if (uri) address(dialog, uri, opener.dataset.uri || uri.defaultValue)
  if (!dialog.open) dialog.showModal()
}

// address makes the dialog speak of one comment instead of the whole article.
function address(dialog, input, uri) {
  input.value = uri
  for (const code of dialog.querySelectorAll('.handle code')) code.textContent = uri
  for (const copy of dialog.querySelectorAll('[data-copy]')) copy.dataset.copy = uri
}
