require ["copy", "environment", "imapsieve", "variables", "vnd.dovecot.pipe"];

if environment :matches "imap.user" "*" {
	set "user" "${1}";
}
pipe :copy "pitchward-learn" ["not-relevant", "${user}"];
