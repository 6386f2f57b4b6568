// The swatch of a colour opens the browser's picker; text and picker follow each
// other.
for (const colour of document.querySelectorAll('.colour')) {
  const field = colour.querySelector('input')
  const swatch = colour.querySelector('rect')
  const picker = Object.assign(document.createElement('input'), {type: 'color', value: field.value || field.placeholder})
  picker.setAttribute('aria-label', colour.dataset.pick)
  colour.append(picker)
  const show = value => { swatch.setAttribute('fill', value); picker.value = value }
  picker.addEventListener('input', () => { field.value = picker.value; show(picker.value) })
  field.addEventListener('input', () => {
    const value = field.value || field.placeholder
    if (/^#[0-9a-f]{6}$/i.test(value)) show(value)
  })
}
