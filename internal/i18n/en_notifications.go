package i18n

var englishNotifications = texts{}
