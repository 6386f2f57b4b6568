// Links with data-print open the browser's print dialog.
document.addEventListener('click', event => {
  if (!event.target.closest('[data-print]')) return
  event.preventDefault()
  print()
})
