package i18n

var englishVisitors = texts{}
