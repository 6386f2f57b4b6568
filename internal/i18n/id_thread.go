package i18n

var indonesianThread = texts{}
