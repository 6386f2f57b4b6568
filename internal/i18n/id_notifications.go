package i18n

var indonesianNotifications = texts{}
