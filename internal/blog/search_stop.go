package blog

import "strings"

// everywhere are the words that stand in nearly every text and say nothing of
// what it is about. PostgreSQL knows those of English but none of Indonesian,
// and reads such lists from files of the server, which are not ours to write.
// So they are left out of what is looked for, in every language, because a text
// in one is searched by readers of the other; they stay in the index, where a
// phrase needs them: "rumah di tepi sungai" is found word for word.
var everywhere = func() map[string]bool {
	words := map[string]bool{}
	for _, list := range []string{indonesianEverywhere, englishEverywhere} {
		for word := range strings.FieldsSeq(list) {
			words[word] = true
		}
	}
	return words
}()

const indonesianEverywhere = `
	ada adalah adapun agar akan akankah aku anda antara apa apabila apakah atas atau
	bagaimana bagi bahkan bahwa banyak beberapa begini begitu belum berbagai bila bisa boleh buat bukan
	dalam dan dapat dari daripada demi demikian dengan di dia
	guna
	hal hanya harus hingga
	ia ialah ini itu itulah
	jadi jangan jika jikalau juga justru
	kalau kami kamu karena ke kecuali kemudian kepada ketika kita
	lagi lah lain lalu lebih
	maka malah masih masing maupun melainkan memang mengapa menjadi menurut mereka merupakan meski meskipun
	namun nya
	oleh
	pada padahal para per pernah pula pun
	saat saja saling sambil sampai sang sangat saya se seakan sebab sebagai sebagaimana sebelum sebuah sedang sedangkan
	seharusnya sehingga sejak sekali sekitar selain selalu selama seluruh semakin sementara semua seorang seperti sering
	serta sesuatu sesudah setelah setiap siapa suatu sudah supaya
	tak tanpa tapi telah tentang tentu terhadap termasuk tersebut tetap tetapi tiap tidak toh
	untuk
	walau walaupun
	ya yaitu yakni yang`

const englishEverywhere = `
	a about after all also am an and any are as at be been before being but by can could did do does doing down during each
	for from had has have having he her here hers him his how i if in into is it its just me more most my no nor not of off
	on only or other our out over own same she should so some such than that the their them then there these they this those
	through to too under until up very was we were what when where which while who whom why will with would you your`
