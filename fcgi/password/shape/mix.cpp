#include "password/shape/mix.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/encoding.h"
#include "base/log.h"
#include "password/format/base64.h"
#include "password/format/fields.h"
#include "password/kdf/crypt.h"
#include "password/shape/lists.h"
#include "password/shape/text_steps.h"

namespace gatehouse::password {
namespace {

constexpr std::string_view kHmac = "hmac-";
constexpr std::size_t kLongestOther = 1024;

std::optional<DigestForm> form_named(std::string_view word) noexcept {
  if (word == "hex") return DigestForm::hex;
  if (word == "base64" || word == "b64") return DigestForm::base64;
  if (word == "raw") return DigestForm::raw;
  return std::nullopt;
}

bool is_only_long(std::string_view word) noexcept {
  return word == "over-72" || word == "over 72" || word == "over72" || word == "only-over-72" ||
         word == "only over 72" || word == "only over 72 bytes";
}

bool cannot_be_held_by_bcrypt(std::string_view text) noexcept {
  return text.size() > kBcryptPasswordBytes || text.find('\0') != std::string_view::npos;
}

/// False for the hash of another scheme. A row without a hash is to get one, or is nobody's. The
/// mark may stand behind that of an application: `{bcrypt}$2a$`.
bool may_be_bcrypt(std::string_view hash) noexcept {
  if (hash.empty()) return true;
  for (const std::string_view mark : {"$2y$", "$2a$", "$2b$", "$2x$"}) {
    const auto at = hash.find(mark);
    if (at == 0) return true;
    if (at != std::string_view::npos && std::string_view("}|:$").find(hash[at - 1]) < 4)
      return true;
  }
  return false;
}

}  // namespace

std::string written(DigestForm form, std::string_view digest) {
  switch (form) {
    case DigestForm::hex:
      return hex_encode(digest);
    case DigestForm::base64:
      return base64_encode(digest);
    case DigestForm::raw:
      break;
  }
  return std::string(digest);
}

Result<void> Mix::take_argument(std::string_view argument, const KeyReader& keys) {
  const std::string word = ascii_lower(argument);
  const bool digests = kind_ == Kind::hmac || kind_ == Kind::digest;
  if (const auto form = form_named(word); form && digests) {
    form_ = *form;
    return {};
  }
  if (is_only_long(word) && digests) {
    only_long_ = true;
    return {};
  }
  if (word == "none") {
    none_too_ = true;
    return {};
  }
  if (kind_ == Kind::digest) {
    return fail(Error::Kind::invalid,
                fmt::format("{} is unknown: a digest takes hex, base64, raw, over-72 and none",
                            log::quoted(argument)));
  }
  constexpr std::array<std::pair<std::string_view, Source>, 3> kOfTheRow = {
      {{"{salt}", Source::salt}, {"{name}", Source::name}, {"{name:lower}", Source::name_lower}}};
  for (const auto& [text, source] : kOfTheRow) {
    if (word != text) continue;
    if (source_ != Source::none) break;
    source_ = source;
    return {};
  }
  if (word.starts_with('{') && word != "{key}") {
    return fail(Error::Kind::invalid,
                fmt::format("{} is unknown: it takes {{salt}}, {{name}}, {{name:lower}} or the "
                            "path of a key file",
                            log::quoted(argument)));
  }
  if (source_ != Source::none && source_ != Source::key) {
    return fail(Error::Kind::invalid, "mixes with one thing: a column or key files");
  }
  auto read = keys(word == "{key}" ? "key" : argument);
  if (!read) return tl::unexpected(std::move(read.error()));
  source_ = Source::key;
  for (Secret& key : *read) keys_.push_back(std::move(key));
  return {};
}

Result<Mix> Mix::parse_expression(std::string_view text, const KeyReader& keys) {
  auto expression = Expression::parse(text);
  if (!expression) return tl::unexpected(std::move(expression.error()));
  Mix mix;
  mix.kind_ = Kind::expression;
  if (expression->reads_key()) {
    if (auto taken = mix.take_argument("{key}", keys); !taken) {
      return tl::unexpected(std::move(taken.error()));
    }
  }
  mix.expression_ = std::move(*expression);
  return mix;
}

Result<Mix> Mix::parse(std::string_view text, const KeyReader& keys) {
  // A step such as sha1(base64) or hmac-sha256(FILE) is no expression, since it names no password.
  if (Expression::parse(text)) return parse_expression(text, keys);
  auto call = parse_call(text);
  if (!call) return tl::unexpected(std::move(call.error()));
  std::string name = ascii_lower(call->name);
  if (const auto form = form_named(name); form && call->arguments.size() == 1) {
    auto inner = parse(call->arguments.front(), keys);  // base64(sha384) is sha384(base64)
    if (inner && (inner->kind_ == Kind::hmac || inner->kind_ == Kind::digest)) inner->form_ = *form;
    return inner;
  }
  Mix mix;
  std::vector<std::string> flags;
  const bool hmac = name.starts_with(kHmac);
  if (hmac) name.erase(0, kHmac.size());
  if (const auto dash = std::min(name.find('-'), name.find(':')); dash != std::string::npos) {
    flags = flag_words(name.substr(dash + 1));
    name.erase(dash);
  }
  const auto digest = digest_named(name);
  if (name == "append" || name == "prepend") {
    mix.kind_ = name == "append" ? Kind::append : Kind::prepend;
  } else if (digest && (!hmac || (*digest != Digest::md5 && *digest != Digest::sha1))) {
    mix.kind_ = hmac ? Kind::hmac : Kind::digest;
    mix.digest_ = *digest;
  } else {
    return fail(Error::Kind::invalid, "is unknown");
  }
  for (const auto* const words : {&flags, &call->arguments}) {
    for (const std::string& word : *words) {
      if (auto taken = mix.take_argument(word, keys); !taken) {
        return tl::unexpected(std::move(taken.error()));
      }
    }
  }
  if (mix.kind_ != Kind::digest && mix.source_ == Source::none) {
    if (auto taken = mix.take_argument("{key}", keys); !taken) {
      return tl::unexpected(std::move(taken.error()));
    }
  }
  return mix;
}

std::size_t Mix::variants() const noexcept {
  const std::size_t keys = source_ == Source::key ? keys_.size() : 1;
  return keys + (none_too_ ? 1 : 0);
}

bool Mix::reads_row() const noexcept {
  if (expression_ && (expression_->reads_salt() || expression_->reads_name())) return true;
  return source_ != Source::none && source_ != Source::key;
}

Secret Mix::other(const Row& row, std::size_t variant) const {
  switch (source_) {
    case Source::key:
      return Secret::copy_of(keys_[variant].view());
    case Source::salt:
      return Secret::copy_of(row.salt.substr(0, kLongestOther));
    case Source::name:
      return Secret::copy_of(row.name);
    case Source::name_lower:
      return lower_case(row.name);
    case Source::none:
      break;
  }
  return {};
}

Secret Mix::apply(const Secret& text, const Row& row, std::size_t variant) const {
  const bool as_it_is =
      (none_too_ && variant + 1 == variants()) ||
      (only_long_ && !(cannot_be_held_by_bcrypt(text.view()) && may_be_bcrypt(row.hash)));
  if (as_it_is) return Secret::copy_of(text.view());
  const Secret mixed_in = other(row, variant);
  std::string out;
  switch (kind_) {
    case Kind::append:
    case Kind::prepend: {
      const bool front = kind_ == Kind::prepend;
      out.reserve(text.size() + mixed_in.size());
      out += front ? mixed_in.view() : text.view();
      out += front ? text.view() : mixed_in.view();
      break;
    }
    case Kind::hmac:
      out = written(form_, hmac_of(digest_, mixed_in.view(), text.view()));
      break;
    case Kind::digest:
      out = written(form_, digest_of(digest_, {text.view()}));
      break;
    case Kind::expression:
      return expression_->text({.password = text.view(),
                                .salt = row.salt.substr(0, kLongestOther),
                                .key = mixed_in.view(),
                                .name = row.name});
  }
  return Secret(std::move(out));
}

}  // namespace gatehouse::password
