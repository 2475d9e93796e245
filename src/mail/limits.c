#include "mail/limits.h"

const struct mail_limits mail_limits_default = {
	.message = 2 << 20,
	.headers = 512,
	.header_block = 256 << 10,
	.header = 64 << 10,
	.depth = 32,
	.parts = 512,
	.text = 1 << 20,
	.urls = 2000,
	.addresses = 1024,
	.encoded_words = 512,
	.tags = 50000,
	.tag_depth = 256,
};

const char *
mail_odd_name(enum mail_odd bit)
{
	switch (bit) {
	case MAIL_CAP_MESSAGE:
		return "cap-message";
	case MAIL_CAP_HEADERS:
		return "cap-headers";
	case MAIL_CAP_DEPTH:
		return "cap-depth";
	case MAIL_CAP_PARTS:
		return "cap-parts";
	case MAIL_CAP_TEXT:
		return "cap-text";
	case MAIL_CAP_URLS:
		return "cap-urls";
	case MAIL_CAP_ADDRESSES:
		return "cap-addresses";
	case MAIL_CAP_WORDS:
		return "cap-words";
	case MAIL_CAP_HTML:
		return "cap-html";
	case MAIL_ODD_NUL:
		return "nul";
	case MAIL_ODD_BARE_CR:
		return "bare-cr";
	case MAIL_ODD_TWO_FROM:
		return "two-from";
	case MAIL_ODD_TWO_FIELDS:
		return "two-fields";
	case MAIL_ODD_CHARSET:
		return "charset";
	case MAIL_ODD_ENCODING:
		return "encoding";
	case MAIL_ODD_BOUNDARY:
		return "boundary";
	case MAIL_ODD_8BIT_HEADER:
		return "8bit-header";
	case MAIL_ODD_INVISIBLE:
		return "invisible";
	}
	return "odd";
}
