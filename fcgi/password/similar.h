/// Whether a new password is little more than a word that anybody would try first: the user's name
/// or that of the site.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"

namespace gatehouse::password {

/// The words that a name gives: all of it, what stands before an @, and each part of four letters
/// or more. "anna.smith@example.com" gives "anna.smith", "smith" and others.
[[nodiscard]] std::vector<std::string> words_of_name(std::string_view name);
/// The words that a host gives, with a port or not: its labels without `www` and the last one.
/// "www.example.com:8443" gives "example". An IP address gives none.
[[nodiscard]] std::vector<std::string> words_of_host(std::string_view host);

/// Whether the password is one of the words, or a variation: in other letters' case, backwards,
/// several times, with digits or signs in the place of letters (`r0y`), or with so little beside it
/// that it hardly counts: fewer than 8 characters, of which fewer than 4 are letters. Words of
/// fewer than 3 letters are compared as a whole alone.
[[nodiscard]] bool is_like(const Secret& password, std::span<const std::string> words);

}  // namespace gatehouse::password
