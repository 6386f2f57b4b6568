// Forms with data-passkey get their field "passkey" from an authenticator
// (WebAuthn) before they are sent. They are hidden until this module has run.
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const known = list => (list ?? []).map(c => ({...c, id: bytes(c.id)}))

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false
    form.addEventListener('submit', event => {
      event.preventDefault()
      ask(form)
    })
  }
}

async function ask(form) {
  const said = form.querySelector('[data-failed]')
  const button = form.querySelector('button')
  said.textContent = ''
  button.disabled = true
  try {
    const answer = await fetch(form.dataset.passkey, {method: 'POST', headers: {Accept: 'application/json'}})
    if (answer.status === 403 && form.dataset.confirm) return location.assign(form.dataset.confirm)
    if (!answer.ok) throw new Error(answer.status)
    form.elements.passkey.value = JSON.stringify(await use((await answer.json()).publicKey))
    form.submit()
  } catch {
    said.textContent = said.dataset.failed
  } finally {
    button.disabled = false
  }
}

// use makes a passkey where the options name a user, and uses one otherwise.
async function use(options) {
  const publicKey = {...options, challenge: bytes(options.challenge)}
  if (options.user) {
    publicKey.user = {...options.user, id: bytes(options.user.id)}
    publicKey.excludeCredentials = known(options.excludeCredentials)
    return written(await navigator.credentials.create({publicKey}))
  }
  publicKey.allowCredentials = known(options.allowCredentials)
  return written(await navigator.credentials.get({publicKey}))
}

// written is a credential as JSON (WebAuthn, section 5.1).
function written(credential) {
  const {response} = credential
  const fields = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) fields[name] = text(response[name])
  }
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: fields,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: {},
  }
}
