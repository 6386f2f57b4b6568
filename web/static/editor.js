// The toolbar of the editor: each button wraps the selection, or starts its
// lines, with the Markdown of its data-wrap or data-line. Ctrl or Cmd with B,
// I and K do the same. The change goes through the browser's own editing, so
// that undo works.
const source = document.getElementById('source')
const toolbar = document.querySelector('.toolbar')

if (source && toolbar) {
  toolbar.hidden = false
  toolbar.addEventListener('click', event => press(event.target.closest('button[data-line], button[data-wrap]')))
  source.addEventListener('keydown', event => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    const button = toolbar.querySelector(`[data-key="${event.key.toLowerCase()}"]`)
    if (!button) return
    event.preventDefault()
    press(button)
  })
}
for (const button of document.querySelectorAll('[data-insert]')) {
  button.hidden = false
  button.addEventListener('click', () => insert(`\n\n${button.dataset.insert}\n\n`))
}

function press(button) {
  if (!button) return
  const {wrap, line} = button.dataset
  if (wrap) around(...wrap.split('|'))
  else lines(line)
}

// around puts the selection, or a word to replace, between two marks.
function around(before, after = before, word = '') {
  const {selectionStart: start, selectionEnd: end, value} = source
  const text = value.slice(start, end) || word
  insert(before + text + after)
  source.setSelectionRange(start + before.length, start + before.length + text.length)
}

// lines puts a mark at the start of every selected line, or takes it away
// where every line has it.
function lines(mark) {
  const {selectionStart, selectionEnd, value} = source
  const start = value.lastIndexOf('\n', selectionStart - 1) + 1
  const next = value.indexOf('\n', selectionEnd)
  const end = next < 0 ? value.length : next
  const rows = value.slice(start, end).split('\n')
  const all = rows.every(row => row.startsWith(mark))
  source.setSelectionRange(start, end)
  insert(rows.map(row => all ? row.slice(mark.length) : mark + row).join('\n'))
}

function insert(text) {
  source.focus()
  if (document.execCommand('insertText', false, text)) return
  source.setRangeText(text, source.selectionStart, source.selectionEnd, 'end')
  source.dispatchEvent(new Event('input', {bubbles: true}))
}
