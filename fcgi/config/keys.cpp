#include "config/keys.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "config/forms.h"
#include "config/transform_words.h"

namespace gatehouse::config {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kKiB = 1U << 10U;
constexpr std::uint64_t kMiB = 1U << 20U;
constexpr std::uint64_t kGiB = 1U << 30U;
constexpr auto kYear = 365 * 24h;

/// Names T so that the compiler deduces nothing from this argument: T then follows from another
/// one.
template <class T>
using Exactly = std::common_type_t<T>;

/// A function that returns the member of the settings which gets a value.
template <class T>
using Place = std::function<T&(Settings&)>;
template <class Section, class T>
Place<T> in(Section Settings::*section, T Section::*member) {
  return [=](Settings& settings) -> T& { return settings.*section.*member; };
}

std::string_view kind_of(const toml::node& value) {
  switch (value.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a section";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      return "nothing";
  }
  return "nothing";
}

tl::unexpected<Error> wrong_kind(std::string_view noun, const toml::node& value) {
  return fail(Error::Kind::invalid, fmt::format("must be {}, not {}", noun, kind_of(value)));
}

template <class T>
Reader text(Place<T> place, Exactly<Form<T>> form) {
  return [=](const toml::node& value, const std::filesystem::path& folder,
             Settings& settings) -> Result<void> {
    const auto* const given = value.as_string();
    if (given == nullptr) return wrong_kind(form.noun, value);
    return form.read(given->get(), folder).map([&](T&& read) {
      place(settings) = std::move(read);
    });
  };
}

/// A reader for a list of at most `most` texts.
template <class T>
Reader list(Place<std::vector<T>> place, Exactly<Form<T>> form, std::size_t most) {
  return [=](const toml::node& value, const std::filesystem::path& folder,
             Settings& settings) -> Result<void> {
    const auto* const given = value.as_array();
    if (given == nullptr) return wrong_kind("a list", value);
    if (given->size() > most) {
      return fail(Error::Kind::invalid, fmt::format("has more than {} entries", most));
    }
    std::vector<T> all;
    for (const toml::node& entry : *given) {
      const auto* const entry_text = entry.as_string();
      if (entry_text == nullptr) return wrong_kind(form.noun, entry);
      auto read = form.read(entry_text->get(), folder);
      if (!read) return tl::unexpected(std::move(read.error()));
      all.push_back(std::move(*read));
    }
    place(settings) = std::move(all);
    return {};
  };
}

/// A reader for a text that stands for a list, or the list of at most `most` texts itself.
Reader text_or_list(const Place<std::vector<std::string>>& place,
                    std::vector<std::string> (*of_text)(std::string_view text), std::size_t most) {
  constexpr std::size_t kLongest = 512;
  return [=](const toml::node& value, const std::filesystem::path& folder,
             Settings& settings) -> Result<void> {
    settings.user.folder = folder;
    if (!value.is_string() && !value.is_array()) {
      return wrong_kind("a text in quotes or a list", value);
    }
    if (value.is_array()) return list(place, line(1, kLongest), most)(value, folder, settings);
    auto read = line(0, kLongest).read(value.as_string()->get(), folder);
    if (!read) return tl::unexpected(std::move(read.error()));
    place(settings) = read->empty() ? std::vector<std::string>() : of_text(*read);
    return {};
  };
}

std::vector<std::string> one_text(std::string_view text) {
  return {std::string(text)};
}

template <class T>
Reader number(Place<T> place, Exactly<T> min, Exactly<T> max) {
  return [=](const toml::node& value, const std::filesystem::path&,
             Settings& settings) -> Result<void> {
    const auto* const given = value.as_integer();
    if (given == nullptr) return wrong_kind("a whole number", value);
    if (std::cmp_less(given->get(), min) || std::cmp_greater(given->get(), max)) {
      return fail(Error::Kind::invalid, fmt::format("{} is out of range: it must be from {} to {}",
                                                    given->get(), min, max));
    }
    place(settings) = static_cast<T>(given->get());
    return {};
  };
}

std::vector<Key> server_keys() {
  constexpr auto kServer = &Settings::server;
  return {
      {"server.listen", text(in(kServer, &Server::listen), listen_address())},
      {"server.socket_mode", text(in(kServer, &Server::socket_mode), mode())},
      {"server.socket_group", text(in(kServer, &Server::socket_group), printable(0, 32))},
      {"server.instant_threads", number(in(kServer, &Server::instant_threads), 0, 256)},
      {"server.database_threads", number(in(kServer, &Server::database_threads), 1, 64)},
      {"server.login_threads", number(in(kServer, &Server::login_threads), 0, 64)},
      {"server.login_nice", number(in(kServer, &Server::login_nice), 0, 19)},
      {"server.login_queue", number(in(kServer, &Server::login_queue), 1, 10'000)},
      {"server.max_body", text(in(kServer, &Server::max_body_bytes), size(kKiB, 32 * kKiB))},
      {"server.stop_timeout",
       text(in(kServer, &Server::stop_timeout), duration<milliseconds>(0s, 5min))},
  };
}

std::vector<Key> mysql_keys() {
  constexpr auto kMysql = &Settings::mysql;
  return {
      {"mysql.socket", text(in(kMysql, &Mysql::socket), socket_path())},
      {"mysql.host", text(in(kMysql, &Mysql::host), host())},
      {"mysql.port", number(in(kMysql, &Mysql::port), 1, 65535)},
      {"mysql.tls_ca", text(in(kMysql, &Mysql::tls_ca), optional_path())},
      {"mysql.database", text(in(kMysql, &Mysql::database), line(1, 64))},
      {"mysql.user", text(in(kMysql, &Mysql::user), line(1, 128))},
      {"mysql.password_file", text(in(kMysql, &Mysql::password_file), credential())},
      {"mysql.connect_timeout",
       text(in(kMysql, &Mysql::connect_timeout), duration<milliseconds>(100ms, 60s))},
      {"mysql.timeout", text(in(kMysql, &Mysql::timeout), duration<milliseconds>(100ms, 60s))},
  };
}

std::vector<Key> login_keys() {
  constexpr auto kUser = &Settings::user;
  constexpr auto kPassword = &Settings::password;
  return {
      {"user.query", text(in(kUser, &User::query), statement(1, 8192))},
      {"user.update_query", text(in(kUser, &User::update_query), statement(0, 8192))},
      {"user.census_query", text(in(kUser, &User::census_query), statement(1, 8192))},
      {"user.census_timeout", text(in(kUser, &User::census_timeout), duration<seconds>(1s, 1h))},
      {"user.password_transform",
       text_or_list(in(kUser, &User::password_transform), transform_steps, 16)},
      {"user.scheme", text_or_list(in(kUser, &User::scheme), one_text, 8)},
      {"user.key_file", text(in(kUser, &User::key_file), credential())},
      {"user.roles_query", text(in(kUser, &User::roles_query), statement(0, 8192))},
      {"user.disabled_query", text(in(kUser, &User::disabled_query), statement(0, 8192))},
      {"user.max_age", text(in(kUser, &User::max_age), duration<seconds>(1s, 1h))},
      {"user.name_collation", text(in(kUser, &User::name_collation), printable(0, 64))},
      {"user.unfit_attribute",
       text(in(kUser, &User::unfit_attribute),
            word<UnfitAttribute>(
                {{"refuse", UnfitAttribute::refuse}, {"leave_out", UnfitAttribute::leave_out}}))},
      {"password.max_cost",
       text(in(kPassword, &Password::max_cost), max_cost({1ms, kMiB}, {60s, 4 * kGiB}))},
      {"password.allow_weak", list(in(kPassword, &Password::allow_weak), printable(1, 64), 64)},
      {"password.write", text(in(kPassword, &Password::write), printable(1, 64))},
      {"password.min_length", number(in(kPassword, &Password::min_length), 8, 64)},
      {"password.site_words", list(in(kPassword, &Password::site_words), line(1, 64), 64)},
      {"password.breached_file", text(in(kPassword, &Password::breached_file), optional_path())},
      {"password.new", text(in(kPassword, &Password::new_scheme), printable(1, 64))},
  };
}

std::vector<Key> guard_keys() {
  constexpr auto kGuard = &Settings::guard;
  constexpr unsigned kMost = 1'000'000;
  return {
      {"guard.free_guesses", number(in(kGuard, &Guard::free_guesses), 1, kMost)},
      {"guard.max_wait", text(in(kGuard, &Guard::max_wait), duration<seconds>(1s, 1h))},
      {"guard.strangers_free_guesses",
       number(in(kGuard, &Guard::strangers_free_guesses), 1, kMost)},
      {"guard.strangers_max_wait",
       text(in(kGuard, &Guard::strangers_max_wait), duration<seconds>(1s, 1h))},
      {"guard.close_after", number(in(kGuard, &Guard::close_after), 10, kMost)},
      {"guard.address_free_guesses", number(in(kGuard, &Guard::address_free_guesses), 1, kMost)},
      {"guard.address_max_wait",
       text(in(kGuard, &Guard::address_max_wait), duration<seconds>(1s, 1h))},
      {"guard.network_free_guesses", number(in(kGuard, &Guard::network_free_guesses), 1, kMost)},
      {"guard.network_max_wait",
       text(in(kGuard, &Guard::network_max_wait), duration<seconds>(1s, 1h))},
      {"guard.known_for", text(in(kGuard, &Guard::known_for), duration<seconds>(1h, kYear))},
      {"guard.capacity", number(in(kGuard, &Guard::capacity), 1'024, 16'777'216)},
      {"guard.on_spraying",
       text(in(kGuard, &Guard::on_spraying),
            word<OnSpraying>({{"log", OnSpraying::log}, {"wait", OnSpraying::wait}}))},
  };
}

std::vector<Key> session_keys() {
  constexpr auto kSession = &Settings::session;
  return {
      {"session.store",
       text(in(kSession, &Session::store), word<SessionStore>({{"mysql", SessionStore::mysql},
                                                               {"memory", SessionStore::memory}}))},
      {"session.hosts",
       text(in(kSession, &Session::hosts),
            word<SessionHosts>({{"one", SessionHosts::one}, {"several", SessionHosts::several}}))},
      {"session.max_stale", text(in(kSession, &Session::max_stale), duration<seconds>(5s, 1h))},
      {"session.database", text(in(kSession, &Session::database), line(0, 64))},
      {"session.user", text(in(kSession, &Session::user), line(0, 128))},
      {"session.password_file", text(in(kSession, &Session::password_file), credential())},
      {"session.key_file", text(in(kSession, &Session::key_file), required_path())},
      {"session.realm", text(in(kSession, &Session::realm), printable(1, 64))},
      {"session.idle_timeout",
       text(in(kSession, &Session::idle_timeout), duration<seconds>(10s, kYear))},
      {"session.absolute_lifetime",
       text(in(kSession, &Session::absolute_lifetime), duration<seconds>(10s, kYear))},
      {"session.remember_idle_timeout",
       text(in(kSession, &Session::remember_idle_timeout), duration<seconds>(10s, kYear))},
      {"session.remember_lifetime",
       text(in(kSession, &Session::remember_lifetime), duration<seconds>(10s, kYear))},
      {"session.capacity", number(in(kSession, &Session::capacity), 1, 100'000'000)},
      {"session.max_per_user", number(in(kSession, &Session::max_per_user), 1, 10'000)},
  };
}

std::vector<Key> other_keys() {
  constexpr auto kCookie = &Settings::cookie;
  const Place<LogLevel> level = [](Settings& settings) -> LogLevel& { return settings.log_level; };
  const Place<LogFormat> format = [](Settings& settings) -> LogFormat& {
    return settings.log_format;
  };
  constexpr auto kEvents = &Settings::events;
  return {
      {"events.keep_for", text(in(kEvents, &Events::keep_for), duration<seconds>(1h, 10 * kYear))},
      {"events.max_rows", number(in(kEvents, &Events::max_rows), 0, 5'000'000)},
      {"cookie.secure",
       text(in(kCookie, &Cookie::secure), word<CookieSecure>({{"auto", CookieSecure::automatic},
                                                              {"always", CookieSecure::always}}))},
      {"cookie.domain", text(in(kCookie, &Cookie::domain), cookie_domain())},
      {"cookie.same_site",
       text(in(kCookie, &Cookie::same_site),
            word<SameSite>(
                {{"lax", SameSite::lax}, {"strict", SameSite::strict}, {"none", SameSite::none}}))},
      {"cookie.name", text(in(kCookie, &Cookie::name), cookie_name())},
      {"logout.clear_cookies",
       list(in(&Settings::logout, &Logout::clear_cookies), other_cookie(), 32)},
      {"log.level", text(level, word<LogLevel>({{"debug", LogLevel::debug},
                                                {"info", LogLevel::info},
                                                {"warning", LogLevel::warning},
                                                {"error", LogLevel::error}}))},
      {"log.format", text(format, word<LogFormat>({{"text", LogFormat::text},
                                                   {"logfmt", LogFormat::logfmt},
                                                   {"json", LogFormat::json}}))},
  };
}

const std::vector<Key>& table() {
  static const std::vector<Key> rows = [] {
    std::vector<Key> all;
    for (auto* const part :
         {server_keys, mysql_keys, login_keys, session_keys, guard_keys, other_keys}) {
      for (Key& row : part()) all.push_back(std::move(row));
    }
    return all;
  }();
  return rows;
}

}  // namespace

std::span<const Key> keys() {
  return table();
}

const Key* find_key(std::string_view name) {
  const auto row =
      std::find_if(keys().begin(), keys().end(), [&](const Key& key) { return key.name == name; });
  return row == keys().end() ? nullptr : &*row;
}

std::span<const std::string_view> sections() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Key& key : keys()) {
      const std::string_view section = key.name.substr(0, key.name.find('.'));
      if (all.empty() || all.back() != section) all.push_back(section);
    }
    return all;
  }();
  return names;
}

}  // namespace gatehouse::config
