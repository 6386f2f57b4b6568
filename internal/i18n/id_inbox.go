package i18n

var indonesianInbox = texts{}
