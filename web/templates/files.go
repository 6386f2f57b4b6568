package templates

func (*HomePage) file() string    { return "site/home" }
func (*ListPage) file() string    { return "site/list" }
func (*ArticlePage) file() string { return "site/article" }
func (*NotePage) file() string    { return "site/note" }
func (*StaticPage) file() string  { return "site/static" }
func (*AuthorPage) file() string  { return "site/author" }
func (*TagPage) file() string     { return "site/tag" }
func (*FollowPage) file() string  { return "site/follow" }
func (*ErrorPage) file() string   { return "site/error" }
func (*SetupPage) file() string   { return "site/setup" }

func (*ResumePage) file() string     { return "studio/resume" }
func (*LoginPage) file() string      { return "studio/login" }
func (*OverviewPage) file() string   { return "studio/overview" }
func (*StatisticsPage) file() string { return "studio/statistics" }
func (*ArticlesPage) file() string   { return "studio/articles" }
func (*EditorPage) file() string     { return "studio/editor" }
func (*FollowersPage) file() string  { return "studio/followers" }
func (*DeliveriesPage) file() string { return "studio/deliveries" }
func (*SettingsPage) file() string   { return "studio/settings" }
