package i18n

var indonesianModeration = texts{}
