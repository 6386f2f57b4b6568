package i18n

var englishLive = texts{}
