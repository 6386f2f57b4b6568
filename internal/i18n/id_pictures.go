package i18n

var indonesianPictures = texts{
	"focus.title":   "Bagian yang tetap terlihat saat gambar dipotong",
	"focus.0-0":     "Kiri atas",
	"focus.50-0":    "Atas",
	"focus.100-0":   "Kanan atas",
	"focus.0-50":    "Kiri",
	"focus.50-50":   "Tengah",
	"focus.100-50":  "Kanan",
	"focus.0-100":   "Kiri bawah",
	"focus.50-100":  "Bawah",
	"problem.focus": "Pilih salah satu dari sembilan tempat.",
	"focus.100-100": "Kanan bawah",
}
