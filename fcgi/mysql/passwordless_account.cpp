#include "mysql/passwordless_account.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/crypto.h"
#include "base/encoding.h"

namespace gatehouse::mysql {
namespace {

/// The methods that compare what was typed with a hash in the account. If there is none, an empty
/// password matches.
constexpr std::array<std::string_view, 5> kPasswordMethods = {
    "mysql_native_password", "mysql_old_password", "caching_sha2_password", "sha256_password",
    "ed25519"};

constexpr std::size_t kRandomBytes = 12;

bool is_quote(char c) noexcept {
  return c == '\'' || c == '"' || c == '`';
}

/// Splits a statement into its words. A quoted text with its quotes is one word, and so is an `@`.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i + 1;
    if (is_quote(text[i])) {
      while (end < text.size() && text[end] != text[i]) end += text[end] == '\\' ? 2U : 1U;
      ++end;
    } else if (text[i] != ' ' && text[i] != '@') {
      while (end < text.size() && text[end] != ' ' && text[end] != '@' && !is_quote(text[end])) {
        ++end;
      }
    }
    end = std::min(end, text.size());
    if (text[i] != ' ') words.push_back(text.substr(i, end - i));
    i = end;
  }
  return words;
}

std::string_view unquoted(std::string_view word) {
  return word.size() >= 2 && is_quote(word.front()) ? word.substr(1, word.size() - 2) : word;
}

/// A cursor over the words of a statement.
class Words {
 public:
  explicit Words(std::vector<std::string_view> words) : words_(std::move(words)) {}
  /// Empty at the end.
  [[nodiscard]] std::string_view next() { return at_ < words_.size() ? words_[at_++] : ""; }
  /// Whether `word` is the next one; it is passed then.
  [[nodiscard]] bool takes(std::string_view word) {
    const bool is = at_ < words_.size() && words_[at_] == word;
    if (is) ++at_;
    return is;
  }

 private:
  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
};

bool compares_passwords(std::string_view method) {
  return std::find(kPasswordMethods.begin(), kPasswordMethods.end(), unquoted(method)) !=
         kPasswordMethods.end();
}

/// Reads a method and what it compares with: `m USING 'x'` on MariaDB, `'m' AS 'x'` on MySQL, which
/// shows `AS <secret>` to those who may not see it. True if that leaves the account open.
bool is_open(Words& words) {
  const std::string_view method = words.next();
  const bool has_credential =
      (words.takes("USING") || words.takes("AS")) && !unquoted(words.next()).empty();
  return compares_passwords(method) && !has_credential;
}

std::string random_text() {
  return base64url_encode(random_bytes(kRandomBytes));
}

Result<std::string> only_column(Connection& connection, const std::string& sql) {
  std::string value;
  // for_each() does not prepare the statement, and not every server prepares SHOW CREATE USER.
  return connection
      .for_each(sql,
                [&](const Row& row) {
                  value = row.front().value_or("");
                  return true;
                })
      .map([&](std::uint64_t) { return value; });
}

bool lets_in(const config::Mysql& settings, const Secret& password) {
  return Connection::open(settings, password).has_value();
}

}  // namespace

std::optional<bool> tells_of_passwordless_login(std::string_view show_create_user) {
  Words words(words_of(show_create_user));
  if (!words.takes("CREATE") || !words.takes("USER")) return std::nullopt;
  (void)words.next();  // the name
  if (!words.takes("@")) return std::nullopt;
  (void)words.next();  // the host
  if (!words.takes("IDENTIFIED")) return true;
  if (words.takes("BY")) return !words.takes("PASSWORD") || unquoted(words.next()).empty();
  if (!words.takes("VIA") && !words.takes("WITH")) return std::nullopt;
  do {
    if (is_open(words)) return true;
  } while (words.takes("OR"));
  return false;
}

Result<std::optional<std::string>> passwordless_account(Connection& connection,
                                                        const config::Mysql& settings) {
  const auto name = only_column(connection, "SELECT CURRENT_USER()");
  if (!name) return tl::unexpected(name.error());
  const auto shown = only_column(connection, "SHOW CREATE USER CURRENT_USER()");
  const auto open = shown ? tells_of_passwordless_login(*shown) : std::nullopt;
  if (open == false) return std::nullopt;
  const Secret guess = open ? Secret() : Secret(random_text());
  return lets_in(settings, guess) ? std::optional(*name) : std::nullopt;
}

std::optional<std::string> anonymous_account(const config::Mysql& settings) {
  config::Mysql anybody = settings;
  anybody.user = random_text();
  const auto connection = Connection::open(anybody, Secret());
  if (!connection) return std::nullopt;
  return only_column(**connection, "SELECT CURRENT_USER()").value_or(anybody.user);
}

}  // namespace gatehouse::mysql
