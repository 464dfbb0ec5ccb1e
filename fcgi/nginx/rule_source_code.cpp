// Finds PHP scripts that nginx sends as text, with their passwords, instead of running them.
//
// `php-source`:
//     location ~ \.php$ { fastcgi_pass unix:/run/php/php-fpm.sock; }
//     location ^~ /members/ { auth_request gatehouse:*; }
//   The `^~` keeps the expression from being tried, so members get /members/x.php as a file. The
//   expression has to stand inside of the place, too. It is a warning in folders of uploads.
// `modifier-missing`: `location \.php$ {` without its `~` is a prefix, which no address begins
//   with.
#include <fmt/format.h>

#include <algorithm>

#include "nginx/resource.h"
#include "nginx/rules.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;

/// True if one ending serves /page.php as a resource of this kind.
bool ends_in(const std::vector<Ending>& endings, Resource::Kind kind) {
  return std::any_of(endings.begin(), endings.end(), [&](const Ending& ending) {
    return ending.kind == Ending::Kind::content && ending.resource.kind == kind &&
           ending.resource.name.ends_with("/page.php");
  });
}

/// True for the name of a folder that holds uploads or assets, in which no script should run
/// anyway.
bool is_for_files(const std::string& name) {
  for (const auto* word : {"upload", "download", "media", "images", "static", "assets"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

/// Walks a script's address with and without the `^~`, and compares what becomes of the script.
void look_at_switched_off_php(const Inspection& inspection, const Guarded& guarded) {
  const Level& level = *guarded.level;
  if (level.kind != Level::Kind::firm_prefix || handler_of(level)) return;
  const std::string uri = level.name + (level.name.ends_with('/') ? "page.php" : "/page.php");
  const auto as_it_is = walk(inspection.site, inspection.judges, *guarded.server, uri,
                             {.kind = Visitor::Kind::member});
  const auto without = walk(inspection.site, inspection.judges, *guarded.server, uri,
                            {Visitor::Kind::member, FirmPrefix::is_a_plain_one});
  const bool sends_it = ends_in(as_it_is, Resource::Kind::file);
  if (!sends_it || !ends_in(without, Resource::Kind::script)) return;
  const auto script = std::find_if(without.begin(), without.end(), [](const Ending& one) {
    return one.resource.kind == Resource::Kind::script;
  });
  const Level& php = script->request.level->location();
  // A place that falls back to a script is that of a front controller, and hardly has other
  // scripts.
  const Directive* files = level.here("try_files");
  const bool falls_back = files && files->arguments.back().find(".php") != std::string::npos;
  inspection.findings.add(
      {is_for_files(level.name) || falls_back ? Weight::warning : Weight::open, "php-source",
       level.place(),
       fmt::format(
           "{} is sent as source text, with its passwords: `^~` switches `{}` (line {}) off", uri,
           php.text(), php.place().line),
       fmt::format("{} {{ … }}  # a copy of line {} inside of `{}`", php.text(), php.place().line,
                   level.text())});
}

/// Reports a plain location whose name was probably meant to be an expression.
void look_at_name(const Inspection& inspection, const Level& level) {
  const bool is_plain = level.is_prefix() || level.kind == Level::Kind::exact;
  const bool looks_like_one = level.name.find_first_of("\\$^(") != std::string::npos;
  if (!is_plain || !looks_like_one || !handler_of(level)) return;
  const bool is_php = level.name.find("php") != std::string::npos;
  inspection.findings.add(
      {is_php ? Weight::open : Weight::warning, "modifier-missing", level.place(),
       fmt::format("no address begins with {}: {}", level.name,
                   is_php ? "everyone gets PHP as source text, with its passwords"
                          : "this location is never taken"),
       "location ~ " + level.name + " {"});
}

}  // namespace

void look_for_source_code(const Inspection& inspection) {
  for (const auto& guarded : inspection.guarded) look_at_switched_off_php(inspection, guarded);
  if (inspection.guarded.empty()) return;
  for (const auto* server : inspection.site.servers()) {
    for (const auto* level : Site::levels(*server)) look_at_name(inspection, *level);
  }
}

}  // namespace gatehouse::nginx
