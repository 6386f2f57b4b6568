package i18n

var indonesianReactions = texts{}
