#include "password/scheme.h"

#include <algorithm>
#include <array>

#include "password/fields.h"
#include "password/werkzeug.h"

namespace gatehouse::password {
namespace {

constexpr bool kWeak = true;
constexpr bool kStrong = false;

constexpr std::array kSchemes = {
    Scheme{"werkzeug-pbkdf2", kStrong, prefixed<"pbkdf2:">, parse_werkzeug_pbkdf2},
    Scheme{"werkzeug-scrypt", kStrong, prefixed<"scrypt:">, parse_werkzeug_scrypt},
};

}  // namespace

std::span<const Scheme> schemes() noexcept {
  return kSchemes;
}

const Scheme* find_scheme(std::string_view hash) noexcept {
  const auto* const found =
      std::find_if(kSchemes.begin(), kSchemes.end(),
                   [&](const Scheme& scheme) { return scheme.recognises(hash); });
  return found == kSchemes.end() ? nullptr : found;
}

}  // namespace gatehouse::password
