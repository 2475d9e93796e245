"""Ways of putting text into HTML where no person sees it: name -> markup with
one {} for the text, already escaped, that is added at the end of the page.

`rendered` ways are text to a naive reader of the page and must count as
evidence; `machine` ways are places for programs, which must count for nothing.
`shown` ways hide less than they seem to: a person sees the text or may see it.
"""
import html

RENDERED = {
    'display-none': '<div style="display:none">{}</div>',
    'display-important': '<div style="display: none !important;">{}</div>',
    'visibility': '<span style="visibility:hidden">{}</span>',
    'font-0': '<div style="font-size:0">{}</div>',
    'font-1px': '<p style="font-size:1px;line-height:1px">{}</p>',
    'font-shorthand': '<p style="font:0/0 a">{}</p>',
    'white': '<div style="color:#fff;background:#ffffff">{}</div>',
    'white-bare': '<div style="color:#fefefe">{}</div>',
    'white-font': '<font color="white">{}</font>',
    'white-rgb': '<p style="color:rgb(255, 255, 255)">{}</p>',
    'white-hsl': '<p style="color:hsl(0, 0%, 100%)">{}</p>',
    'white-named': '<p style="color:snow;background-color:white">{}</p>',
    'named-rare': '<p style="color:azure">{}</p>',
    'inherited-bg': '<table bgcolor="#336699"><tr><td><b style="color:'
                    'rgb(51,102,153)">{}</b></td></tr></table>',
    'inherited-rgb': '<div style="background:rgb(20 30 40)"><div><p>'
                     '<span style="color:#141e28">{}</span></p></div></div>',
    'transparent': '<p style="color:transparent">{}</p>',
    'rgba-0': '<p style="color:rgba(0,0,0,0)">{}</p>',
    'off-screen': '<div style="position:absolute;left:-9999px">{}</div>',
    'off-screen-top': '<div style="position:fixed;top:-200em">{}</div>',
    'opacity-0': '<div style="opacity:0">{}</div>',
    'max-height-0': '<div style="max-height:0;overflow:hidden">{}</div>',
    'height-0': '<div style="height:0px;overflow:hidden">{}</div>',
    'mso-hide-none': '<div style="display:none;mso-hide:all">{}</div>',
    'mso-hide': '<div style="mso-hide:all">{}</div>',
    'attribute': '<div hidden>{}</div>',
    'sr-only': '<span aria-hidden="true" style="position:absolute;width:1px;'
               'height:1px;overflow:hidden;clip:rect(0,0,0,0)">{}</span>',
    'zero-cell': '<table><tr><td width="0" style="width:0;max-width:0;'
                 'overflow:hidden;white-space:nowrap">{}</td></tr></table>',
    'clip-path': '<div style="position:absolute;clip-path:inset(100%)">{}'
                 '</div>',
    'clip-circle': '<div style="clip-path:circle(0)">{}</div>',
    'text-indent': '<div style="text-indent:-9999px;overflow:hidden;'
                   'white-space:nowrap">{}</div>',
    'scale-0': '<div style="transform:scale(0)">{}</div>',
    'css-class': '<style>.x9{{display:none}}</style><div class="x9">{}</div>',
    'css-tag': '<style>i.q, tt {{ display:none }}</style><tt>{}</tt>',
    'css-nested': '<style>div.w p {{font-size:0}}</style>'
                  '<div class="w"><p>{}</p></div>',
    'css-media': '<style>@media all {{ .m8 {{display:none}} }}</style>'
                 '<div class="m8">{}</div>',
    'css-comment': '<div style="display:/**/none">{}</div>',
    'css-escape': '<div style="displ\\61y:none">{}</div>',
    'style-entity': '<div style="display&#58;&#110;one">{}</div>',
}

# They stand elsewhere than at the end: (markup, place).
PLACED = {
    'preheader': ('<div style="display:none;font-size:1px;color:#ffffff;'
                  'line-height:1px;max-height:0px;max-width:0px;opacity:0;'
                  'overflow:hidden;mso-hide:all">{}</div>', 'begin'),
    'comment': ('<!-- {} -->', 'end'),
    'alt': ('<img src="cid:s@vendor.example" width="600" '
            'alt="{}">', 'end'),
    'title': ('<title>{}</title>', 'head'),
}

MACHINE = {
    'input-value': ('<input type="hidden" name="q" value="{}">', 'end'),
    'style-text': ('<style>/* {} */</style>', 'head'),
    'meta': ('<meta name="description" content="{}">', 'head'),
    'template': ('<template>{}</template>', 'end'),
    'script': ('<script type="text/plain">{}</script>', 'end'),
    'mso-comment': ('<!--[if mso]><p>{}</p><![endif]-->', 'end'),
}

SHOWN = {
    'aria-hidden': '<div aria-hidden="true">{}</div>',
    'details': '<details><summary>.</summary>{}</details>',
    'font-2px': '<p style="font-size:2px">{}</p>',
    'faint': '<p style="color:#eeeeee">{}</p>',
    'near-off-screen': '<div style="position:absolute;left:-480px;'
                       'width:400px">{}</div>',
    'negative-z': '<div style="position:absolute;z-index:-1">{}</div>',
}


def place(letter, markup, where, text):
    filled = markup.format(html.escape(text))
    if where == 'begin':
        letter.html_begin(filled)
    else:
        letter.html_add(filled + '\n', head=where == 'head')
