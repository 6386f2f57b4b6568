// The reader's own address or server is asked for once: this browser, and
// nobody else, remembers what was sent last.
const key = 'kabar-account'

for (const input of document.querySelectorAll('input[name=account]')) {
  input.value ||= remembered()
  input.form.addEventListener('submit', () => remember(input.value))
}

function remembered() {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return '' // storage is switched off
  }
}

function remember(account) {
  try {
    localStorage.setItem(key, account)
  } catch {
    // it is asked for again
  }
}
