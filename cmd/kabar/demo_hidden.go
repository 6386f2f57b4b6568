package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/postgres"
)

// What no reader may find on the page.
const (
	deletedText = "Maaf, balasan ini salah kirim dan segera saya hapus."
	privateText = "Ini hanya untuk redaksi: nomor telepon saya sudah berubah."
	forgedText  = "Saya, Mika, menarik semua ucapan saya."
	changedText = "Kalimat ini diubah di tengah jalan."
)

// hiding sends what must not show.
func (p *play) hiding() []step {
	return []step{
		{"tama answers and deletes it again", p.takeBack},
		{"lintang writes to the author alone", p.whisper},
		{"somebody signs with their own key in mika's name", func(ctx context.Context) (string, error) {
			return p.forge(ctx, forgedText, aptest.Forgery{Signer: p.cast["tama"]})
		}},
		{"somebody signs with a key that nobody has published", func(ctx context.Context) (string, error) {
			return p.forge(ctx, forgedText, aptest.Forgery{WrongKey: true})
		}},
		{"a reply is changed on its way", func(ctx context.Context) (string, error) {
			return p.forge(ctx, changedText, aptest.Forgery{WrongDigest: true})
		}},
	}
}

func (p *play) takeBack(ctx context.Context) (string, error) {
	tama := p.cast["tama"]
	sent, err := tama.Reply(ctx, p.told["hendra"], deletedText)
	if err := p.taken(ctx, sent, err); err != nil {
		return "", err
	}
	if _, err := p.blog.CommentByObject(ctx, sent.ObjectID); err != nil {
		return "", fmt.Errorf("it never was a comment: %w", err)
	}
	gone, err := tama.Delete(ctx, sent.ObjectID)
	if err := p.taken(ctx, gone, err); err != nil {
		return "", err
	}
	return p.outcome(ctx, gone.ID, "deleted")
}

func (p *play) whisper(ctx context.Context) (string, error) {
	sent, err := p.cast["lintang"].Post(ctx, aptest.Note{
		Content: privateText, InReplyTo: p.told["article"], Visibility: activitypub.VisibilityDirect,
		Mention: []string{p.actor.URI}, Language: "id",
	})
	if err := p.taken(ctx, sent, err); err != nil {
		return "", err
	}
	private, err := p.blog.Comments(ctx, blog.CommentQuery{Private: true, Limit: 10})
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(private, func(c blog.Comment) bool { return c.ObjectURI == sent.ObjectID }) {
		return "", fmt.Errorf("the Studio does not show it")
	}
	return "202, for the Studio only", nil
}

// forge sends a reply that claims to be mika's and must be refused.
func (p *play) forge(ctx context.Context, text string, how aptest.Forgery) (string, error) {
	sent, err := p.cast["mika"].Forging(how).Reply(ctx, p.told["article"], text)
	if err != nil {
		return "", err
	}
	for _, answer := range sent.Answers {
		if answer.Status != http.StatusUnauthorized && answer.Status != http.StatusForbidden {
			return "", fmt.Errorf("it was answered with %d", answer.Status)
		}
	}
	if err := p.settled(ctx); err != nil {
		return "", err
	}
	if _, err := p.blog.CommentByObject(ctx, sent.ObjectID); err == nil {
		return "", fmt.Errorf("it is a comment")
	}
	return fmt.Sprintf("refused with %d", sent.Status()), nil
}

// outcome looks up what became of an activity.
func (p *play) outcome(ctx context.Context, activity, want string) (string, error) {
	rows, err := p.store.InboundList(ctx, postgres.InboundQuery{Limit: 100})
	if err != nil {
		return "", err
	}
	for _, row := range rows {
		if row.ActivityURI == activity && row.Outcome == want {
			return "the record says " + want, nil
		}
	}
	return "", fmt.Errorf("no record says that %s is %s", activity, want)
}
