package templates

import (
	"html/template"
	"strconv"

	"kabar/internal/i18n"
	"kabar/web/static"
)

// funcs are what the templates can call besides the methods of their data.
// Those that take a Frame make the data of the part with the same name.
var funcs = template.FuncMap{
	"static": static.Path, "scripts": scripts, "dir": Dir,
	"languages": func() []string { return i18n.Languages }, "languageName": i18n.Name,
	"crawlers":      func() []string { return []string{"all", "search", "none"} },
	"secondFactors": func() []string { return []string{"off", "staff", "all"} },
	"settingsTabs":  settingsTabs, "readingPath": fixed(StudioReadingPath),
	"actorTypes": func() []string { return []string{"Person", "Organization", "Group", "Service"} },
	"avatar":     newAvatar, "photo": newPhoto, "picture": newPicture,
	"card": newCard, "comments": comments, "within": newWithin, "attached": newFile, "reacted": newReactedTo, "emojis": newEmojis, "icon": icon, "noFace": noFace, "framed": newFramed, "newsletterStudioPath": fixed(StudioNewsletterPath), "subscribersPath": fixed(StudioSubscribersPath), "focuses": func() []string { return focuses },
	"account": newAccount, "passkey": newPasskey, "copyable": newCopyable, "problem": newProblem, "reply": newReply, "problemText": problemText,
	"navigation": navigation, "tools": func() []tool { return tools },

	"searchField": newSearchField, "archivePath": fixed(ArchivePath), "names": names,
	"atomPath": fixed(AtomPath), "rssPath": fixed(RSSPath), "jsonPath": fixed(JSONPath), "openSearchPath": fixed(OpenSearchPath), "manifestPath": fixed(ManifestPath), "searchPath": fixed(SearchPath), "followPath": fixed(FollowPath),
	"interactPath": fixed(InteractPath), "setupPath": fixed(SetupPath), "studioPath": fixed(StudioPath), "quotesPath": fixed(StudioQuotesPath),
	"profilePath": fixed(StudioProfilePath), "loginPath": fixed(LoginPath), "loginSecondPath": fixed(LoginSecondPath), "loginPasskeyPath": fixed(LoginPasskeyPath), "studioConfirmPath": fixed(StudioConfirmPath), "securityPath": fixed(StudioSecurityPath), "studioPasskeyPath": fixed(StudioPasskeyPath), "logoutPath": fixed(LogoutPath), "articlesPath": fixed(StudioArticlesPath),
	"newPath": fixed(StudioNewPath), "editPath": StudioEditPath, "commentsPath": fixed(StudioCommentsPath),
	"notificationsPath": fixed(StudioNotificationsPath), "digestPath": fixed(DigestPath),
	"followersPath": fixed(StudioFollowersPath), "deliveriesPath": fixed(StudioDeliveriesPath),
	"appearancePath": fixed(StudioAppearancePath), "colour": newColour, "links": newLinks,
	"settingsPath": fixed(StudioSettingsPath), "undoPath": fixed(StudioUndoPath), "peoplePath": fixed(StudioPeoplePath),
	"newsletterPath": fixed(NewsletterPath), "newsletterConfirmPath": fixed(NewsletterConfirmPath), "newsletterLeavePath": fixed(NewsletterLeavePath), "newsletterManagePath": fixed(NewsletterManagePath),
	"respondPath": RespondPath, "leavePath": fixed(LeavePath), "confirmPath": fixed(ConfirmPath),
}

func fixed(p string) func() string { return func() string { return p } }

// scripts are the addresses of these modules.
func scripts(names ...string) []string {
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = static.Path(name)
	}
	return paths
}

type avatarData struct {
	Picture     string
	Size        int // pixels; one of the size- classes of kabar.css
	Lazy, Photo bool
}

func newAvatar(p Person, size int) avatarData {
	return avatarData{Picture: p.Avatar, Size: size, Lazy: true}
}

// newPhoto is an avatar that is the u-photo of an h-card.
func newPhoto(p Person, size int) avatarData {
	return avatarData{Picture: p.Avatar, Size: size, Lazy: size < 64, Photo: true}
}

func newPicture(url string, size int) avatarData {
	return avatarData{Picture: url, Size: size}
}

// noFace is drawn for who has no picture here.
func noFace(size int) template.HTML {
	pixels := strconv.Itoa(size)
	//nolint:gosec // a number, and an address of ours
	return template.HTML(`<svg class="avatar size-` + pixels + `" width="` + pixels + `" height="` + pixels +
		`" aria-hidden="true"><use href="` + static.Path("icons.svg") + `#face"></use></svg>`)
}

type cardData struct {
	Frame
	Card
	Large bool
}

func newCard(f Frame, c Card, large bool) cardData { return cardData{f, c, large} }

// CoverSizes is how wide the cover of a card stands.
func (c cardData) CoverSizes() string {
	if c.Large {
		return "(min-width: 62rem) 46rem, 100vw"
	}
	return "(min-width: 46rem) 13rem, 22vw"
}

type within struct {
	Frame
	It any
}

func newWithin(f Frame, it any) within { return within{f, it} }

type accountData struct {
	Frame
	ID, Value, Problem string
}

func newAccount(f Frame, id, value, problem string) accountData {
	return accountData{f, id, value, problem}
}

type copyableData struct {
	Frame
	Text, Icon, Label, Class string
}

func newCopyable(f Frame, text, icon, label, class string) copyableData {
	return copyableData{f, text, icon, label, class}
}

type problemData struct{ ID, Text string }

func newProblem(f Frame, all Problems, field string) problemData {
	return problemData{ID: field + "-problem", Text: problemText(f, all, field)}
}

func problemText(f Frame, all Problems, field string) string {
	return all[field].In(f.UILang())
}
