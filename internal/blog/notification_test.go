package blog_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestGroupNotifications(t *testing.T) {
	t.Parallel()
	article, comment := uuid.New(), uuid.New()
	start := time.Date(2026, 11, 21, 7, 0, 0, 0, time.UTC)
	var list []blog.Notification
	add := func(kind blog.NotificationKind, who string, article, comment uuid.UUID) {
		list = append(list, blog.Notification{
			Kind: kind, ID: uuid.New(), At: start.Add(time.Duration(100-len(list)) * time.Minute), Article: article, Comment: comment,
			Title: "Kopi", Actor: blog.Actor{ID: uuid.NewSHA1(uuid.Nil, []byte(who)), Name: who}, From: "https://evil.test/actor",
		})
	}
	for _, who := range []string{"Ana", "Budi", "Ana", "Cici"} {
		add(blog.NotifyLike, who, article, uuid.Nil)
	}
	add(blog.NotifyComment, "Ana", article, comment)
	add(blog.NotifyComment, "Budi", article, comment)
	add(blog.NotifyBoost, "Ana", article, comment)
	add(blog.NotifyBoost, "Budi", article, comment)
	add(blog.NotifyFollow, "Ana", uuid.Nil, uuid.Nil)
	add(blog.NotifyReport, "", uuid.Nil, uuid.Nil)
	add(blog.NotifyLike, "Dodi", article, uuid.Nil)
	add(blog.NotifyMention, "Ana", uuid.Nil, comment)

	groups, next := blog.GroupNotifications(list, list[10].At, 50)
	var en, id []string
	for _, g := range groups {
		en, id = append(en, g.Sentence("en")), append(id, g.Sentence("id"))
	}
	want := []string{
		"Ana and 2 others liked “Kopi”", "Ana commented on “Kopi”", "Budi commented on “Kopi”",
		"Ana and Budi boosted your comment on “Kopi”", "Ana started following you", "The server evil.test sent a report",
		"Dodi liked “Kopi”", "Ana mentioned you elsewhere",
	}
	if diff := cmp.Diff(want, en); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "Ana dan 2 lainnya menyukai “Kopi”"; id[0] != want {
		t.Errorf("%q, want %q", id[0], want)
	}
	if next != list[11].Cursor() || !groups[0].Unread || groups[6].Unread {
		t.Errorf("goes on at %v; unread %t and %t", next, groups[0].Unread, groups[6].Unread)
	}
	if _, next = blog.GroupNotifications(list, start, 2); next != list[4].Cursor() {
		t.Errorf("two groups go on at %v", next)
	}
}

func TestSaveNotificationSettings(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	with := blog.Account{Name: "ana", Email: "ana@rumah.example", Role: blog.Owner}
	with, err := s.CreateAccount(t.Context(), uuid.Nil, with)
	if err != nil {
		t.Fatal(err)
	}
	without := with
	without.Email = ""
	tests := []struct {
		name string
		who  blog.Account
		in   blog.NotificationSettings
		want string
	}{
		{"daily", with, blog.NotificationSettings{Digest: blog.DigestDaily, Hour: 23}, ""},
		{"without an address", without, blog.NotificationSettings{Digest: blog.DigestDaily}, "digest: no-email"},
		{"a rhythm", with, blog.NotificationSettings{Digest: "hourly"}, "digest: digest: hourly"},
		{"an hour", with, blog.NotificationSettings{Hour: 24}, "hour: hour: 24"},
		{"a kind", with, blog.NotificationSettings{Hidden: []blog.NotificationKind{"x"}}, "kinds: other: x"},
	}
	for _, tt := range tests {
		err := s.SaveNotificationSettings(t.Context(), tt.who, tt.in)
		var invalid *blog.Invalid
		if got := ""; errors.As(err, &invalid) && invalid.Error() != tt.want || err == nil && got != tt.want {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
