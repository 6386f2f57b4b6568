package i18n

var englishModeration = texts{}
