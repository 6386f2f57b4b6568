package main

import (
	"context"
	"fmt"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

// line is one contribution to the conversation.
type line struct {
	name   string // by which others answer it
	parent string // what it answers
	who    string // "" = the author of the article
	text   string
	notice string // content warning
}

// conversation is what stands under the article in the end, in the order in
// which it is said.
var conversation = []line{
	{"mika", "article", "mika", "Bagian tentang menyimak kena sekali. Tapi saya penasaran soal waktu: bagaimana seorang pemimpin menjawab puluhan balasan tanpa menyerahkannya kepada tim humas?", ""},
	{"author", "mika", "", "Pertanyaan bagus. Kami menyisihkan dua puluh menit setiap pagi, dan itu dicatat di kalender seperti rapat lain. Kalau tidak sempat membalas, kami bilang tidak sempat.", ""},
	{"edited", "author", "mika", "Itu menjelaskan banyak hal. Jadi ukurannya bukan berapa kali ia mengirim, melainkan berapa percakapan yang ia biarkan selesai dengan baik.", ""},
	{"sekar", "edited", "sekar", "Kami mencoba hal serupa di sekolah: satu pertanyaan tiap Jumat, dijawab kepala sekolah sendiri. Pekan ketiga, murid yang mulai bertanya duluan.", ""},
	{"deep", "sekar", "lintang", "Satu pertanyaan tiap Jumat itu ide yang ingin saya bawa ke kantor. Boleh saya kutip?", ""},
	{"hendra", "article", "hendra", "Dulu papan pengumuman di kantor kelurahan saya hanya satu arah. Baru ramai setelah kami sediakan pulpen yang diikat tali. Barangkali itu prinsip yang sama.", ""},
	{"joao", "hendra", "joao", "Aqui também! Papan di balai desa kami masih dipakai, dan sekarang setiap lembar punya tautan ke utasnya.", ""},
	{"lintang", "article", "lintang", "Di kantor lama, “peran penerima” berarti atasan membaca semua kiriman pribadi kami. Tolong bedakan menyimak dengan mengawasi.", "politik kantor, pengalaman buruk dengan atasan"},
	{"dewi", "article", "dewi", "Apakah ada contoh tabel peran yang bisa kami pakai di perpustakaan kecil? Kami hanya bertiga.", ""},
}

// firstVersion is what the edited answer said before.
const firstVersion = "Itu menjelaskan banyak hal. Jadi ukuranya bukan berapa kali ia mengirim?"

// answering lets people and the author talk.
func (p *play) answering() []step {
	steps := make([]step, 0, len(conversation)+1)
	for _, l := range conversation {
		if l.who == "" {
			steps = append(steps, step{"the author answers", func(ctx context.Context) (string, error) {
				return p.answer(ctx, l)
			}})
			continue
		}
		steps = append(steps, step{l.who + " answers", func(ctx context.Context) (string, error) { return p.tell(ctx, l) }})
	}
	return append(steps, step{"mika edits an answer", p.edit})
}

// tell sends a signed reply from somebody's server.
func (p *play) tell(ctx context.Context, l line) (string, error) {
	text := l.text
	if l.name == "edited" {
		text = firstVersion
	}
	sent, err := p.cast[l.who].Post(ctx, aptest.Note{
		Content: text, InReplyTo: p.told[l.parent], Summary: l.notice, Language: "id",
	})
	if err := p.taken(ctx, sent, err); err != nil {
		return "", err
	}
	p.told[l.name] = sent.ObjectID
	c, err := p.blog.CommentByObject(ctx, sent.ObjectID)
	if err != nil {
		return "", fmt.Errorf("it is no comment: %w", err)
	}
	return fmt.Sprintf("202, a comment at level %d", c.Depth+1), nil
}

// answer is the author's own reply, which has to reach whom it answers.
func (p *play) answer(ctx context.Context, l line) (string, error) {
	parent, err := p.blog.CommentByObject(ctx, p.told[l.parent])
	if err != nil {
		return "", err
	}
	owner, err := p.blog.AccountByName(ctx, demoOwner)
	if err != nil {
		return "", err
	}
	c, err := p.blog.Reply(ctx, owner.ID, blog.Reply{Comment: parent.ID, Markdown: l.text})
	if err != nil {
		return "", err
	}
	p.told[l.name] = c.ObjectURI
	home := p.cast[l.parent].Server()
	got, err := home.Wait(ctx, aptest.About("Create", c.ObjectURI))
	if err != nil {
		return "", err
	}
	if to := got.Activity.Object.First().Object.InReplyTo.ID(); to != parent.ObjectURI {
		return "", fmt.Errorf("it reached %s as an answer to %s", home.URL(), to)
	}
	return "it reached " + l.parent + "'s server", nil
}

func (p *play) edit(ctx context.Context) (string, error) {
	for _, l := range conversation {
		if l.name != "edited" {
			continue
		}
		sent, err := p.cast[l.who].Edit(ctx, p.told[l.name], l.text)
		if err := p.taken(ctx, sent, err); err != nil {
			return "", err
		}
	}
	c, err := p.blog.CommentByObject(ctx, p.told["edited"])
	if err == nil && c.Edited.IsZero() {
		err = fmt.Errorf("it does not count as edited")
	}
	return "", err
}
