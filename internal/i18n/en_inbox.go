package i18n

var englishInbox = texts{}
