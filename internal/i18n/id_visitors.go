package i18n

var indonesianVisitors = texts{}
