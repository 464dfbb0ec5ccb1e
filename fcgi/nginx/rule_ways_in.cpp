// Finds addresses of a protected place that are answered without anybody being asked.
//
//     location /members/ { auth_request gatehouse:*; }
//     location ~ \.php$ { fastcgi_pass unix:/run/php/php-fpm.sock; }
//
// `regex-wins`: nginx prefers an expression to a plain prefix, so /members/x.php is run by the
//   second location above, which asks nobody. `^~` before /members/ prevents it.
// `open-inside`: a location with a longer name takes a part of the place.
// `open-beside`: `location = /members/` protects one address, and the files below it are open.
// `auth-off`: `auth_request off` holds at a location inside.
// `satisfy-any`: an `allow` that means everybody is enough.
// `return-before-auth`, `rewrite-before-auth`: a `return` or `rewrite` runs before anybody is
//   asked.
// `error-page-opens`: the error_page for a refusal shows what was refused.
//
// The rule walks all_addresses() of each place as a stranger. Each ending that is content of the
// site is judged by its steps. Whether it may be meant so decides between open and warning:
// assets, and places with a name of their own in a site that is protected as a whole.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "nginx/access.h"
#include "nginx/resource.h"
#include "nginx/rules.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;

/// True for a file that pages are made of, such as a style. Sites leave these open on purpose.
bool is_asset(const std::string& uri) {
  constexpr std::array<std::string_view, 19> kEndings{
      ".css",  ".js",   ".mjs",  ".map",   ".png", ".jpg", ".jpeg", ".gif", ".svg",        ".ico",
      ".webp", ".avif", ".woff", ".woff2", ".ttf", ".otf", ".eot",  ".cur", ".webmanifest"};
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return uri.ends_with(ending); });
}

/// True for a folder whose name says that it holds such files.
bool is_asset_folder(const std::string& name) {
  constexpr std::array<std::string_view, 9> kNames{"/assets/", "/static/", "/css/",
                                                   "/js/",     "/images/", "/img/",
                                                   "/fonts/",  "/icons/",  "/styles/"};
  const std::string folder = name.ends_with('/') ? name : name + "/";
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view one) { return folder.ends_with(one); });
}

/// True if the location names one place, as `/api/` or the expression `^/remote\.php` does, and not
/// addresses all over the site.
bool names_a_place(const Level& level) {
  if (level.is_prefix()) return level.name != "/";
  return level.kind == Level::Kind::expression && level.name.starts_with("^/") &&
         level.name.size() > 2 &&
         (std::isalnum(static_cast<unsigned char>(level.name[2])) != 0 || level.name[2] == '\\');
}

/// True if the ending shows something of the site, not a page of Gatehouse's or a mere status.
bool is_content_of_the_site(const Ending& ending) {
  if (ending.kind != Ending::Kind::content) return false;
  switch (ending.resource.kind) {
    case Resource::Kind::file:
    case Resource::Kind::script:
    case Resource::Kind::proxied:
    case Resource::Kind::listing:
    case Resource::Kind::text:
      break;
    case Resource::Kind::other:
    case Resource::Kind::gatehouse:
    case Resource::Kind::question:
      return false;
  }
  const std::string& name = ending.request.level->location().name;
  return !name.starts_with("/gatehouse/") && !name.starts_with("@gatehouse");
}

/// True if the open location serves from the same root or the same application as the protected
/// one.
bool shares(const Ending& ending, const Guarded& guarded, const Site& site) {
  const Level& open = ending.request.level->location();
  const Directive* handler = handler_of(*ending.request.level);
  const Directive* protected_handler = handler_of(*guarded.level);
  if (handler && protected_handler) {
    return upstream_of(handler->argument(0), site).server ==
           upstream_of(protected_handler->argument(0), site).server;
  }
  const Level* root = open.owner({"root", "alias"});
  return root == guarded.level->owner({"root", "alias"});
}

/// Looks for the ways into one protected place.
class WaysIn {
 public:
  WaysIn(const Inspection& inspection, const Guarded& guarded)
      : inspection_(inspection), guarded_(guarded) {}

  void look() {
    for (const auto& uri : all_addresses(guarded_)) {
      for (const auto& ending :
           walk(inspection_.site, inspection_.judges, *guarded_.server, uri, {})) {
        if (is_content_of_the_site(ending)) judge(uri, ending);
      }
    }
    look_below();
  }

 private:
  /// Reports `location = /members/`, which names a folder, but protects one address of it.
  void look_below() {
    const Level& level = *guarded_.level;
    if (level.kind != Level::Kind::exact || !level.name.ends_with('/') || level.name == "/") return;
    const std::string uri = level.name + "page.html";
    for (const auto& ending :
         walk(inspection_.site, inspection_.judges, *guarded_.server, uri, {})) {
      const bool is_open = is_content_of_the_site(ending) &&
                           !ending.request.has(Step::Kind::refused) &&
                           !ending.request.has(Step::Kind::fell_back);
      if (!is_open) continue;
      add(Weight::open, "open-beside", level.place(),
          fmt::format(
              "everyone gets {} without being asked: `{}` is one address alone, and `{}` (line {}) "
              "serves what lies below",
              uri, level.text(), ending.request.level->location().text(),
              ending.request.level->location().place().line),
          fmt::format("location ^~ {} {{", level.name));
    }
  }

  /// Says by its steps why this ending of a stranger's request is open, if it is.
  void judge(const std::string& uri, const Ending& ending) {
    const Request& request = ending.request;
    if (request.has(Step::Kind::taken_for_yes)) return;  // auth-location-missing reports it
    if (request.has(Step::Kind::refused)) return judge_refusal(uri, ending);
    if (request.was_rewritten_first()) return judge_server_rewrite(uri, ending);
    if (const Step* step = request.last(Step::Kind::satisfied)) {
      return add(Weight::open, "satisfy-any", step->directive->place,
                 fmt::format("everyone gets {} without being asked: `{}` is enough", uri,
                             step->directive->text()),
                 "satisfy all;");
    }
    const Level& first = request.first_level();
    const bool is_inside = first.is_within(*guarded_.level);
    if (is_inside && auth_request_of(first)) return judge_rewrite(uri, ending);
    if (ending.resource.kind == Resource::Kind::text) return;
    // In a server that is protected as a whole, a location for one address is a deliberate
    // exception.
    if (first.kind == Level::Kind::exact && guarded_.is_whole_site()) return;
    const Directive* line = first.setting("auth_request");
    if (line && line->argument(0) == "off" && (is_inside || first.here("auth_request"))) {
      return judge_off(uri, first, *line);
    }
    if (!is_inside) judge_outside(uri, ending, first);
  }

  /// An error page follows a refusal on most sites. It opens the place only if members get the same
  /// thing at this address.
  void judge_refusal(const std::string& uri, const Ending& ending) {
    const Step* page = ending.request.last(Step::Kind::error_page);
    if (!page) return;
    const auto as_member = walk(inspection_.site, inspection_.judges, *guarded_.server, uri,
                                {.kind = Visitor::Kind::member});
    const bool is_same = std::any_of(as_member.begin(), as_member.end(), [&](const Ending& one) {
      return one.kind == Ending::Kind::content && one.request.has(Step::Kind::asked) &&
             !one.request.has(Step::Kind::error_page) && is_content_of(guarded_, uri, one) &&
             one.resource.same_as(ending.resource);
    });
    if (!is_same) return;
    const Step* refused = ending.request.last(Step::Kind::refused);
    const bool is_away = refused->directive == guarded_.line && page->directive->argument(0) >= "5";
    add(Weight::open, "error-page-opens", page->directive->place,
        fmt::format("whoever is refused {} gets it {}by `{}`", uri,
                    is_away ? "while Gatehouse is away " : "", page->directive->text()),
        "error_page 401 $gatehouse_on_401;");
  }

  void judge_rewrite(const std::string& uri, const Ending& ending) {
    const Step* step = ending.request.last(Step::Kind::rewritten);
    if (!step || !step->directive) return;
    if (ending.resource.kind == Resource::Kind::text) {
      // In a server that is protected as a whole, a `return` somewhere (for health checks, say) is
      // meant for everybody.
      if (!guarded_.level->is_location()) return;
      return add(
          Weight::open, "return-before-auth", step->directive->place,
          fmt::format("everyone gets what `{}` answers at {}: it runs before anybody is asked",
                      step->directive->name, uri),
          fmt::format("try_files /nonexistent @returned;  # and `{}` in location @returned",
                      step->directive->text()));
    }
    const Level& to = ending.request.level->location();
    add(Weight::open, "rewrite-before-auth", step->directive->place,
        fmt::format("everyone gets {} without being asked: `{}` leads to `{}` (line {}) before",
                    uri, step->directive->text(), to.text(), to.place().line),
        fmt::format("{};  # in `{}`, too", guarded_.line->text(), to.text()));
  }

  /// The server's own rewrite leads to an application before the place is met. If only addresses
  /// without a file go that way, a place of plain files is protected all the same: a warning.
  void judge_server_rewrite(const std::string& uri, const Ending& ending) {
    const bool is_application = ending.resource.kind == Resource::Kind::script ||
                                ending.resource.kind == Resource::Kind::proxied;
    if (!is_application) return;
    const Directive& line = *ending.request.way.front().directive;
    const bool is_met = is_place_met();
    add(is_met && is_of_files() ? Weight::warning : Weight::open, "rewrite-before-auth", line.place,
        fmt::format("everyone gets {} without being asked{}: `{}` leads to {} before nginx comes "
                    "to `{}` (line {})",
                    uri, is_met ? ", where no file is there" : "", line.text(),
                    ending.resource.name, guarded_.level->text(), guarded_.level->place().line),
        fmt::format("{};  # in `{}`, too", guarded_.line->text(),
                    ending.request.level->location().text()));
  }

  /// True if the line refuses a stranger at some address of the place.
  [[nodiscard]] bool is_place_met() const {
    for (const auto& uri : plain_addresses(guarded_)) {
      for (const auto& ending :
           walk(inspection_.site, inspection_.judges, *guarded_.server, uri, {})) {
        const Step* refused = ending.request.last(Step::Kind::refused);
        if (refused && refused->directive == guarded_.line) return true;
      }
    }
    return false;
  }

  /// True if nothing in the place passes requests on or falls back to a script.
  [[nodiscard]] bool is_of_files() const {
    const auto levels = Site::levels(*guarded_.level);
    return std::none_of(levels.begin(), levels.end(), [](const Level* level) {
      return handler_of(*level) || level->here("try_files");
    });
  }

  void judge_off(const std::string& uri, const Level& first, const Directive& line) {
    const bool inside_a_place = !guarded_.is_whole_site();
    bool is_meant = is_asset(uri) || (first.is_prefix() && is_asset_folder(first.name));
    // It may be one script of a protected part, such as WordPress's admin-ajax.php.
    is_meant = is_meant || (first.kind == Level::Kind::exact && handler_of(first));
    if (!inside_a_place) is_meant = is_meant || names_a_place(first);
    add(is_meant ? Weight::warning : Weight::open, "auth-off", line.place,
        fmt::format("everyone gets {}: `{}` asks nobody, inside of what `{}` ({}) protects", uri,
                    first.text(), guarded_.line->text(), to_string(guarded_.line->place)),
        fmt::format("{};", guarded_.line->text()));
  }

  void judge_outside(const std::string& uri, const Ending& ending, const Level& first) {
    const std::string what =
        fmt::format("everyone gets {} without being asked: nginx takes `{}`, not `{}` (line {})",
                    uri, first.text(), guarded_.level->text(), guarded_.level->place().line);
    if (first.kind == Level::Kind::expression) {
      const bool is_meant =
          guarded_.is_whole_site() && is_asset(uri) && !shares(ending, guarded_, inspection_.site);
      if (is_meant) return;
      return add(Weight::open, "regex-wins", first.place(), what, mend_expression(first));
    }
    const bool is_longer = first.name.size() > guarded_.level->name.size();
    if (first.kind != Level::Kind::exact && !(first.is_prefix() && is_longer)) return;
    if (guarded_.is_whole_site() && !shares(ending, guarded_, inspection_.site)) return;
    const bool is_meant =
        is_asset_folder(first.name) || (first.kind == Level::Kind::exact && is_asset(uri));
    add(is_meant ? Weight::warning : Weight::open, "open-inside", first.place(), what,
        fmt::format("{};  # in `{}`", guarded_.line->text(), first.text()));
  }

  [[nodiscard]] std::string mend_expression(const Level& first) const {
    const Level& level = *guarded_.level;
    if (level.kind == Level::Kind::prefix && level.name != "/") {
      return fmt::format("location ^~ {} {{  # and a copy of `{}` inside of it", level.name,
                         first.text());
    }
    return fmt::format("{};  # in `{}`", guarded_.line->text(), first.text());
  }

  void add(Weight weight, const char* rule, const Place& place, std::string what,
           std::string mend) {
    // Findings keep the first for a line and rule. Warnings wait, so that an open one comes first.
    if (weight == Weight::warning) {
      later_.push_back({weight, rule, place, std::move(what), std::move(mend)});
    } else {
      inspection_.findings.add({weight, rule, place, std::move(what), std::move(mend)});
    }
  }

 public:
  /// Adds the warnings; called when all places were looked at.
  void add_warnings() {
    for (auto& one : later_) inspection_.findings.add(std::move(one));
  }

 private:
  const Inspection& inspection_;
  const Guarded& guarded_;
  std::vector<Finding> later_;
};

}  // namespace

void look_for_ways_in(const Inspection& inspection) {
  std::vector<WaysIn> all;
  for (const auto& guarded : inspection.guarded) all.emplace_back(inspection, guarded).look();
  for (auto& one : all) one.add_warnings();
}

}  // namespace gatehouse::nginx
