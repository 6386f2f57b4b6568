// A checkbox with data-select-all sets all checkboxes of its form that carry
// the name it gives.
document.addEventListener('change', event => {
  const name = event.target.dataset?.selectAll
  if (!name) return
  for (const box of event.target.form.querySelectorAll(`input[type=checkbox][name="${name}"]`)) {
    box.checked = event.target.checked
  }
})
