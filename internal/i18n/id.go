package i18n

var indonesian = texts{
	"skip": "Langsung ke isi",
}
