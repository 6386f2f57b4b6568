package templates

import (
	"html/template"
	"time"

	"kabar/internal/i18n"
)

// The samples are pages filled to the brim, in the names of the fediverse's
// example servers; emptyPages are the same with nothing in them.

var jakarta = time.FixedZone("WIB", 7*3600)

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, jakarta)
}

func sampleFrame(lang string) Frame {
	return Frame{
		Lang: lang,
		Now:  at(23, 17, 25),
		Site: Site{
			Newsletter: true,
			Title:      "Ruang Tengah", Description: "Tempat kami bercerita, menyimak, dan membalas. Tentang memimpin, belajar, dan bekerja terbuka.",
			Handle: "@blog@example.social", URL: "https://example.social", ActorURL: "https://example.social/ap/actors/1",
			Language: "id", Icon: "/img/a-blog.svg", Followers: 4812, Servers: 611, Footer: "Ruang Tengah. Tulisan berlisensi CC BY-SA 4.0.",
			Nav: []Link{{Text: i18n.T(lang, "nav.archive"), URL: ArchivePath}},
		},
		Head: Head{
			Canonical: "https://example.social/", LanguageURLs: map[string]string{"id": "/?lang=id", "en": "/?lang=en"},
		},
	}
}

var (
	ratri = Person{Name: "Ratri Wulandari", Handle: "@ratri@example.social", URL: "/authors/ratri", Avatar: "/img/a-ratri.svg", Bio: "Menulis tentang desa, data, dan cara orang bersepakat.", Articles: 21}
	bayu  = Person{Name: "Bayu Santosa", Handle: "@bayu@example.social", URL: "/authors/bayu", Avatar: "/img/a-bayu.svg", Articles: 14}
	mika  = Person{Name: "Mika Lehtonen :kopi:", NameHTML: `Mika Lehtonen <img class="emoji" src="/img/e-kopi.svg" alt=":kopi:" title=":kopi:" width="20" height="20">`, Handle: "@mika@danau.example", URL: "https://danau.example/@mika", Avatar: "/img/a-mika.svg"}
	joao  = Person{Name: "João Tavares", Handle: "@joao@maresia.example", URL: "https://maresia.example/@joao", Avatar: "/img/a-joao.svg"}
	evil  = Person{Name: "<script>alert(1)</script>", Handle: `@x"onload="y@evil.example`, URL: "javascript:alert(1)", Avatar: "javascript:alert(2)"}
	layla = Person{Name: "ليلى", Handle: "@layla@bayt.example", URL: "https://bayt.example/@layla"}
)

var cover = &Image{URL: "/img/malam-kentongan.svg", Alt: "Kentongan tergantung di gardu malam hari.", Caption: "Kentongan di gardu: satu ketukan, banyak pintu.", Width: 1200, Height: 800}

func sampleCards() []Card {
	topic := &Tag{Name: "kepemimpinan", URL: "/tags/kepemimpinan"}
	return []Card{
		{ID: "a1", URL: "/enam-kebiasaan", Title: "Enam kebiasaan pemimpin yang sungguh hadir di media sosial", Summary: "Menulis sendiri, menyebarkan dengan sengaja, menyimak sebelum menjawab. Catatan dari dua tahun mengubah papan pengumuman menjadi percakapan.", Language: "id", Topic: topic, Authors: []Person{ratri, bayu}, Published: at(21, 7, 30), Minutes: 9, Cover: cover, Replies: 49, Boosts: 128, Likes: 1342, Featured: true},
		{ID: "a2", URL: "/rapat", Title: "Rapat yang bisa dibaca orang yang tidak hadir", Summary: "Notulen bukan arsip. Ia undangan bagi mereka yang kebetulan sedang di sawah, di jalan, atau di zona waktu lain.", Language: "id", Topic: &Tag{Name: "kerja terbuka", URL: "/tags/kerja%20terbuka"}, Authors: []Person{bayu}, Published: at(14, 7, 30), Minutes: 6, Cover: &Image{URL: "/img/kawung.svg", Alt: "Motif batik kawung.", Width: 1200, Height: 800}, Replies: 23},
		{ID: "a3", URL: "/catatan", Summary: "A note without a title, in English, from the train.", Language: "en", Authors: []Person{ratri}, Published: at(12, 7, 30)},
		{ID: "a4", URL: "/bayt", Title: "بيت في وسط القرية", Summary: "نص قصير عن البيت والجيران.", Language: "ar", Authors: []Person{layla}, Published: at(11, 7, 30), Minutes: 2},
	}
}

func sampleArticle() Article {
	return Article{
		Card: sampleCards()[0], ObjectURL: "https://example.social/ap/objects/1", Permalink: "https://example.social/enam-kebiasaan",
		BodyHTML: sampleBody, Updated: at(22, 9, 12), EditURL: "/studio/articles/a1",
		Contents:     []Heading{{"bagian-1", "1. Bercerita dengan tangan sendiri"}, {"bagian-2", "2. Menyebarkan dengan sengaja"}, {"bagian-3", "3. Menyimak sebelum menjawab"}},
		Tags:         []Tag{{Name: "kepemimpinan", URL: "/tags/kepemimpinan"}, {Name: "federasi", URL: "/tags/federasi"}},
		ReactionsURL: "/-/reactions/a1", Reactions: []Reaction{
			{Kind: "boost", Count: 128, People: []Person{mika, joao, layla}},
			{Kind: "like", Count: 2, People: []Person{joao, mika}},
			{Kind: "quote", Count: 1, People: []Person{layla}},
			{Kind: "like", Count: 3},
			{Kind: "emoji", Name: ":kopi:", Emoji: `<img class="emoji" src="/img/e-kopi.svg" alt=":kopi:" title=":kopi:" width="20" height="20">`, Count: 4, People: []Person{evil, mika}},
			{Kind: "emoji", Name: "🎉", Emoji: "🎉", Count: 1, People: []Person{joao}},
		},
	}
}

const sampleBody template.HTML = `<p>Di kampung ibu saya, kabar dulu berjalan lewat bunyi. Satu ketukan kentongan berarti berkumpul, tiga ketukan cepat berarti ada yang perlu ditolong. Tidak ada yang bertanya siapa pemilik kentongan itu.</p>
<p>Media sosial semestinya bekerja seperti itu. Namun ketika pemimpin masuk ke sana, yang sering kita dapat adalah pengeras suara: besar, satu arah, dan dipegang orang lain.</p>
<h2 id="bagian-1">1. Bercerita dengan tangan sendiri</h2>
<ul><li>Mulai dari kejadian pekan ini, bukan dari konsep.</li><li>Sebut satu hal yang belum Anda ketahui jawabannya.</li></ul>
<h2 id="bagian-2">2. Menyebarkan dengan sengaja</h2>
<blockquote><p>Ia bicara paling akhir karena sudah mendengar semuanya.</p></blockquote>
<figure><img src="/img/musyawarah.svg" alt="Delapan orang duduk melingkar di atas tikar." width="1200" height="750"></figure>
<h2 id="bagian-3">3. Menyimak sebelum menjawab</h2>
<pre class="chroma" tabindex="0"><code><span class="c1"># peran.yaml</span>
<span class="nt">produsen</span><span class="p">:</span>
  <span class="nt">boleh</span><span class="p">:</span> <span class="p">[</span><span class="s">menulis</span>, <span class="mi">3</span><span class="p">]</span></code></pre>`

func sampleReactionsPage(lang string) *ReactionsPage {
	f := sampleFrame(lang)
	f.Head = Head{Title: "Reaksi", NoIndex: true}
	ways := []ReactionWay{}
	for i, r := range sampleArticle().Reactions {
		ways = append(ways, ReactionWay{r, "/-/reactions/a1?kind=" + r.Kind, i == 1})
	}
	return &ReactionsPage{
		Frame: f, Subject: Link{Text: sampleCards()[0].Title, URL: "/enam-kebiasaan"}, Ways: ways,
		People: []Reacter{
			{Person: mika, Kind: "like", At: at(23, 9, 0)},
			{Person: layla, Kind: "quote", QuoteURL: "https://bayt.example/7", At: at(22, 9, 0)},
			{Person: evil, Kind: "emoji", Emoji: `<img class="emoji" src="/img/e-kopi.svg" alt=":kopi:">`, At: at(21, 9, 0)},
		},
		Paging: Paging{Newer: "?kind=like", Older: "?kind=like&before=x"},
	}
}

func sampleThread() Thread {
	deep := Comment{ID: "t9", Author: joao, URL: "https://maresia.example/p/9", Published: at(23, 15, 0), ContentHTML: "<p>Paling dalam.</p>", AnswersTo: "Mika"}
	for _, id := range []string{"t8", "t7", "t6", "t5"} {
		deep = Comment{ID: id, Author: mika, URL: "https://danau.example/" + id, ReplyURI: "https://danau.example/notes/" + id, Software: "Mastodon", Published: at(23, 14, 0), ContentHTML: "<p>Itu menjelaskan banyak hal. Jadi ukurannya bukan berapa kali ia mengirim.</p>", AnswersTo: "João", Replies: []Comment{deep}}
	}
	answer := Comment{ID: "t2", Author: ratri, ByAuthor: true, URL: "https://example.social/enam-kebiasaan#c-t2", ReplyURI: "https://example.social/ap/objects/t2", Language: "id", Published: at(21, 20, 31), ContentHTML: "<p>Pertanyaan bagus. Kami menyisihkan dua puluh menit setiap pagi.</p>", Likes: 34, Replies: []Comment{deep}}
	visitor := Comment{ID: "t15", Author: Person{Name: "Pak Hendra", URL: "https://www.hendra.example/"}, FromWeb: true, Local: true, URL: "https://example.social/enam-kebiasaan?c=t15#c-t15", Published: at(21, 21, 10), ContentHTML: "<p>Dulu papan pengumuman hanya satu arah.</p>"}
	quote := Comment{ID: "t16", Author: joao, URL: "https://maresia.example/16", Permalink: "/enam-kebiasaan?c=t16#c-t16", Quote: true, QuoteURL: "https://example.social/enam-kebiasaan", Poll: true, Long: true, Published: at(22, 9, 0), Warning: "kopi :kopi:", WarningHTML: `kopi <img class="emoji" src="/img/e-kopi.svg" alt=":kopi:">`, ContentHTML: "<p>Panjang sekali.</p>", Reactions: []Reaction{{Kind: "like", Count: 3, People: []Person{mika}}, {Kind: "emoji", Name: "🎉", Emoji: "🎉", Count: 1, People: []Person{evil}}}, ReactionsURL: "/-/reactions/t16", Attachments: []Attachment{{Kind: "video", URL: "/-/media/v.mp4", Poster: "/-/media/p.webp", Description: "Kopi dituang.", Width: 640, Height: 360}, {Kind: "audio", URL: "/-/media/a.ogg", Sensitive: true}}}
	return Thread{
		Total: 49, Servers: 17, Next: "/enam-kebiasaan?page=2#responses", NextSize: 40,
		Orders: []Link{{Text: "Utas", URL: "?order=thread", Current: true}, {Text: "Terbaru", URL: "?order=newest"}},
		Comments: []Comment{
			{ID: "t1", Author: mika, URL: "https://danau.example/@mika/1", ReplyURI: "https://danau.example/notes/1", Software: "Mastodon", Language: "id", Published: at(21, 18, 5), Edited: at(22, 8, 2), ContentHTML: "<p>Bagian tentang menyimak kena sekali.</p>", Likes: 27, Boosts: 2, Replies: []Comment{answer}},
			{ID: "t10", Author: layla, URL: "https://bayt.example/10", Language: "ar", Published: at(21, 21, 10), Warning: "سياسة المكتب", ContentHTML: "<p>كان مكتبي القديم هكذا.</p>", Attachments: []Attachment{{Kind: "image", URL: "/img/papan-kabar.svg", Description: "Papan kayu berisi delapan lembar pengumuman.", Width: 1200, Height: 800}, {Kind: "film", URL: "https://bayt.example/v.mp4", Description: "Video papan"}, {Kind: "image", URL: "/img/kawung.svg", Description: "Tersembunyi", Sensitive: true}}},
			{ID: "t11", State: CommentHidden, Reason: "menyerang orang", Author: evil, ContentHTML: "<p>TERSEMBUNYI</p>", Replies: []Comment{{ID: "t12", Author: evil, AnswersTo: "Mika", AnswersURL: "/enam-kebiasaan?c=t1#c-t1", URL: "javascript:alert(3)", Language: `x" onload="`, Software: "<b>", Published: at(23, 12, 0), ContentHTML: "<p>Balasan.</p>", MoreCount: 3, More: "/enam-kebiasaan?in=t12"}}},
			{ID: "t13", State: CommentDeleted, Replies: []Comment{{ID: "t14", Author: joao, URL: "https://maresia.example/14", Published: at(23, 17, 24), ContentHTML: "<p>Tetap di sini.</p>", Attachments: []Attachment{{Kind: "image", URL: "/img/kawung.svg", Placeholder: "/img/b.webp", Width: 640, Height: 360, Description: "Tersembunyi", Sensitive: true}}}}},
			visitor, quote,
		},
	}
}

func sampleArticlePage(lang string) *ArticlePage {
	f := sampleFrame(lang)
	f.Head = Head{Title: sampleCards()[0].Title, Description: sampleCards()[0].Summary, Canonical: "https://example.social/enam-kebiasaan", ObjectURL: "https://example.social/ap/objects/1", Type: "article", Image: cover, Creators: []string{"@ratri@example.social"}, Published: at(21, 7, 30), Modified: at(22, 9, 12), Tags: []string{"federasi"}, LanguageURLs: map[string]string{"id": "?lang=id", "en": "?lang=en"}}
	return &ArticlePage{Frame: f, Article: sampleArticle(), Thread: sampleThread(), Respond: sampleRespond(), Older: &Link{Text: "Rapat yang bisa dibaca", URL: "/rapat"}, Newer: &Link{Text: "Pindah rumah", URL: "/pindah"}}
}
