#include "cli/user_link.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "base/encoding.h"
#include "base/log.h"
#include "cli/audit.h"
#include "cli/command_line.h"
#include "cli/session_tables.h"
#include "cli/verb.h"
#include "config/load.h"
#include "guard/device_mint.h"
#include "user/mysql_user_directory.h"

namespace gatehouse::cli {
namespace {

/// The address of a site without a path: `https://www.example.com`, with a slash at the end or not.
Result<std::string> origin_of(std::string url) {
  if (url.empty()) return url;
  if (url.ends_with('/')) url.pop_back();
  const auto scheme = url.starts_with("https://")  ? std::string_view("https://").size()
                      : url.starts_with("http://") ? std::string_view("http://").size()
                                                   : 0;
  const bool host =
      scheme > 0 && url.size() > scheme &&
      std::all_of(
          url.begin() + static_cast<std::ptrdiff_t>(scheme), url.end(), [](unsigned char c) {
            return c > ' ' && c < 0x7f && c != '/' && c != '?' && c != '#' && c != '@' && c != '\\';
          });
  if (host) return url;
  return fail(Error::Kind::invalid,
              "--url takes the site's address without a path, for example https://www.example.com");
}

/// The row that is meant. `invalid` if there is none, or several and no id.
Result<user::User> row_of(const config::Settings& settings, const LinkWords& words) {
  const auto name = user::Username::parse(words.name);
  if (!name) return tl::unexpected(name.error());
  auto password = config::mysql_password(settings.mysql);
  if (!password) return tl::unexpected(password.error());
  auto queries = user::parse_queries(settings.user);
  if (!queries) return tl::unexpected(queries.error());
  mysql::Pool pool(settings.mysql, std::move(*password), mysql::Access::reading);
  user::MysqlUserDirectory users(pool, std::move(*queries));
  auto found = users.find(*name);
  if (!found) return tl::unexpected(found.error());
  std::vector<user::User>& rows = found->users;
  if (words.id) std::erase_if(rows, [&](const auto& row) { return row.id.text() != *words.id; });
  if (rows.size() == 1) return std::move(rows.front());
  if (rows.empty()) {
    return fail(Error::Kind::invalid,
                fmt::format("there is no user {}: user.query finds no row by this name{}",
                            log::quoted(words.name), words.id ? " and id" : ""));
  }
  std::string ids;
  for (const user::User& row : rows) {
    ids.append(ids.empty() ? "" : ", ").append(log::quoted(row.id.text()));
  }
  return fail(Error::Kind::invalid, fmt::format("{} finds the user ids {}: say which with --id ID",
                                                log::quoted(words.name), ids));
}

/// The number by which the log tells of a link, here and when the service opens it. It does not
/// tell the code.
std::string number_of(const guard::DeviceLink& link) {
  return hex_encode({link.id.data(), 4});
}

void audit_link(const guard::DeviceLink& link, const user::User& row) {
  audit(log::EventKind::link_made,
        fmt::format("link: {} made for user id {}", number_of(link), log::quoted(link.user_id)),
        row, ", good for 30 minutes");
}

Result<guard::DeviceMint::Link> make_link(const config::Settings& settings,
                                          const LinkWords& words) {
  const auto ring = session::KeyRing::load(settings.session.key_file);
  if (!ring) return tl::unexpected(ring.error());
  const auto tables = open_tables(settings, Reading::some);
  if (!tables) return tl::unexpected(tables.error());
  const auto row = row_of(settings, words);
  if (!row) return tl::unexpected(row.error());
  const guard::DeviceMint mint(ring->derive("device"), settings.session.realm);
  auto made = mint.make_link(row->id.text());
  const auto kept = session::keep_link(*(*tables)->store, *ring, made.link, *row);
  if (!kept) return tl::unexpected(kept.error());
  audit_link(made.link, *row);
  return made;
}

}  // namespace

int link_user(const std::filesystem::path& config_file, const LinkWords& words,
              const Output& output) {
  const auto settings = settings_for_verb(config_file, output.err);
  if (!settings) return kProblems;
  const auto origin = origin_of(words.url);
  if (!origin) return fail_with(origin.error(), output.err);
  mysql::Connection::start_library();
  const auto made = make_link(*settings, words);
  if (!made) return fail_with(made.error(), output.err);
  output.out << *origin << "/gatehouse/link?code=" << made->value << '\n';
  output.err << "the link is good once, for 30 minutes, and for " << log::quoted(words.name)
             << " alone; the log tells of its opening under the number " << number_of(made->link)
             << '\n';
  if (origin->empty()) {
    output.err << "put the address of the site in front, or name it with --url\n";
  }
  return kOk;
}

}  // namespace gatehouse::cli
