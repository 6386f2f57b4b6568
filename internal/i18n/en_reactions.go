package i18n

var englishReactions = texts{}
