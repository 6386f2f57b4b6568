package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"kabar/web/templates"
)

// signIn sends the form of the login page.
func (p *play) signIn(ctx context.Context) (string, error) {
	form := url.Values{"email": {demoOwner}, "password": {p.password}, "next": {templates.StudioPath}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.config.URL+templates.LoginPath, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	res, err := (&http.Client{Jar: jar}).Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || res.Request.URL.Path != templates.StudioPath {
		return "", fmt.Errorf("the form leads to %s, %s", res.Request.URL.Path, res.Status)
	}
	return "", nil
}
