package i18n

var englishThread = texts{}
