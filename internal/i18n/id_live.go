package i18n

var indonesianLive = texts{}
