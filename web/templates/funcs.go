package templates

import "html/template"

var funcs = template.FuncMap{}
