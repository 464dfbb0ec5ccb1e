// Finds ways by which a visitor passes for another in an application that is told the name.
//
// `identity-dropped`: a location has a proxy_set_header (or fastcgi_param) of its own.
//     location ^~ /app/ { auth_request gatehouse:*; proxy_set_header Remote-User $gatehouse_user;
//                         location /app/api/ { proxy_set_header X-Api 1; proxy_pass http://app; } }
//   nginx then inherits none of the outer ones, so a header Remote-User that the visitor sends
//   reaches the application unchanged. It is a warning if the application just learns no name.
// `identity-overwritten`: REMOTE_USER is passed twice, last as $remote_user, the unverified name
//   of Basic credentials. PHP takes the last one.
// `identity-missing`: nginx tells an application the name at one location, and passes requests
//   to the same application at another without the header, so that the visitor's own header
//   counts there. The same holds for each attribute that it tells.
// `identity-spelling`: the visitor's own header arrives beside what nginx tells, in a spelling that
//   applications take for the same.
//     underscores_in_headers on; … proxy_set_header Remote-Team $team;        (Remote_Team: x)
//     fastcgi_param REMOTE_TEAM $team;                    (Remote-Team: x is HTTP_REMOTE_TEAM)
//   The second is a warning, since most applications read the parameter that nginx sets.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "base/encoding.h"
#include "nginx/access.h"
#include "nginx/identity.h"
#include "nginx/resource.h"
#include "nginx/rules.h"

namespace gatehouse::nginx {
namespace {

using Weight = Finding::Weight;
using Lines = std::vector<const Directive*>;

/// The lines that `level` would inherit if the level whose lines hold here had none.
Lines outer_lines(const Level& level, std::string_view name) {
  const Level* owner = level.owner({name});
  if (!owner || !owner->outer) return {};
  return owner->outer->list({name});
}

const char* snippet_for(const Directive& handler) {
  return handler.name == "proxy_pass" ? "include gatehouse/snippets/identity-proxy.conf;"
                                      : "include gatehouse/snippets/identity-fastcgi.conf;  # last";
}

/// Those of the lines that pass on what Gatehouse says.
Lines telling(const Identity& identity, const Lines& lines) {
  Lines found;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
               [&](const auto* line) { return identity.is_told_by(*line); });
  return found;
}

/// True if one of the lines sets the header to something that the visitor does not choose.
bool sets(const Lines& lines, std::string_view name) {
  return std::any_of(lines.begin(), lines.end(), [&](const auto* line) {
    return equal_ignoring_case(line->argument(0), name) && !Identity::is_the_visitors_word(*line);
  });
}

/// Those of the lines whose header `lines` does not set.
Lines not_set(const Lines& told, const Lines& lines) {
  Lines found;
  std::copy_if(told.begin(), told.end(), std::back_inserter(found),
               [&](const auto* line) { return !sets(lines, line->argument(0)); });
  return found;
}

std::string headers_of(const Lines& lines) {
  std::string names;
  for (const auto* line : lines) names.append(names.empty() ? "" : ", ").append(line->argument(0));
  return names;
}

/// Whether nginx passes on a header whose name has an underscore.
bool lets_underscores_through(const Level& level) {
  return level.is_on("underscores_in_headers", Level::Default::off) ||
         !level.is_on("ignore_invalid_headers", Level::Default::on);
}

std::string with_underscores(std::string_view header) {
  std::string other(header);
  std::replace(other.begin(), other.end(), '-', '_');
  return other;
}

class LostIdentity {
 public:
  explicit LostIdentity(const Inspection& inspection)
      : inspection_(inspection), identity_(inspection.site) {}

  void look() {
    for (const auto* level : applications()) remember(*level);
    for (const auto* level : applications()) look_at(*level);
  }

 private:
  /// The locations that pass requests on to an application, not to Gatehouse.
  [[nodiscard]] std::vector<const Level*> applications() const {
    std::vector<const Level*> all;
    for (const auto* server : inspection_.site.servers()) {
      for (const auto* level : Site::levels(*server)) {
        const Directive* handler = handler_of(*level);
        const bool passes = level->is_location() && handler && !parameters_of(*handler).empty();
        if (passes && !is_gatehouse(*level, *handler)) all.push_back(level);
      }
    }
    return all;
  }

  static bool is_gatehouse(const Level& level, const Directive& handler) {
    if (handler.argument(0) == "gatehouse") return true;
    const auto lines = level.list({"fastcgi_param"});
    return std::any_of(lines.begin(), lines.end(), [](const auto* line) {
      return line->argument(0).starts_with("GATEHOUSE_");
    });
  }

  /// Notes the line that tells an application the name, if the location is protected.
  void remember(const Level& level) {
    const Directive& handler = *handler_of(level);
    if (handler.name != "proxy_pass" || !auth_request_of(level)) return;
    Lines& told = told_[upstream_of(handler.argument(0), inspection_.site).server];
    for (const auto* line : telling(identity_, level.list({parameters_of(handler)}))) {
      const bool known = std::any_of(told.begin(), told.end(), [&](const auto* other) {
        return equal_ignoring_case(other->argument(0), line->argument(0));
      });
      if (!known) told.push_back(line);
    }
  }

  void look_at(const Level& level) {
    const Directive& handler = *handler_of(level);
    const auto name = parameters_of(handler);
    const Lines lines = level.list({name});
    const bool is_told = identity_.is_told_by(lines);
    if (is_told) {
      if (handler.name == "fastcgi_pass") look_at_order(lines);
      look_at_spellings(level, handler, lines);
    }
    Lines outer = telling(identity_, outer_lines(level, name));
    if (is_told) outer = is_proxy(handler) ? not_set(outer, lines) : Lines();
    if (!outer.empty()) return dropped(level, handler, lines, *outer.front());
    const auto known = told_.find(upstream_of(handler.argument(0), inspection_.site).server);
    if (known == told_.end()) return;
    Lines unset = not_set(known->second, lines);
    if (!is_told && takes_the_name(unset)) std::erase_if(unset, &Identity::is_of_snippets);
    missing(level, handler, unset, is_told);
  }

  /// True if a location which leaves these headers to the visitor takes the visitor's name away:
  /// then the others of the snippet say nothing of anybody.
  static bool takes_the_name(const Lines& unset) {
    return std::none_of(unset.begin(), unset.end(), [](const auto* line) {
      return line->argument(1).find("gatehouse_user") != std::string_view::npos;
    });
  }

  static bool is_proxy(const Directive& handler) {
    return handler.name == "proxy_pass" || handler.name == "grpc_pass";
  }

  /// Looks for other spellings by which the visitor's own header arrives beside the lines. That the
  /// parameters of the user's name are clean is the snippet's business.
  void look_at_spellings(const Level& level, const Directive& handler, const Lines& lines) {
    const bool proxy = is_proxy(handler);
    if (proxy && !lets_underscores_through(level)) return;
    for (const auto* line : telling(identity_, lines)) {
      const std::string_view told = line->argument(0);
      if (told.starts_with("HTTP_") || (proxy && told.find('-') == std::string_view::npos))
        continue;
      if (!proxy && Identity::is_of_snippets(line)) continue;
      const std::string other = proxy ? with_underscores(told) : fmt::format("HTTP_{}", told);
      if (sets(lines, other)) continue;
      add(proxy ? Weight::open : Weight::warning, "identity-spelling", line->place,
          fmt::format("{} can send the application {} of their own, beside the {} that is told "
                      "here",
                      auth_request_of(level) ? "whoever is in" : "everyone", other, told),
          proxy ? fmt::format("{} {} \"\";", parameters_of(handler), other)
                : fmt::format("{} {} {};", parameters_of(handler), other, line->argument(1)));
    }
  }

  /// Looks for a second REMOTE_USER: PHP takes the last of two parameters.
  void look_at_order(const Lines& lines) {
    const Directive* told = nullptr;
    for (const auto* line : lines) {
      if (line->argument(0) != "REMOTE_USER") continue;
      if (identity_.is_told_by(*line)) {
        told = line;
      } else if (told && Identity::is_the_visitors_word(*line)) {
        add(Weight::open, "identity-overwritten", line->place,
            fmt::format(
                "whoever is in passes for anybody, by the name of a Basic login: it comes after "
                "the line of {}",
                to_string(told->place)),
            "include gatehouse/snippets/identity-fastcgi.conf;  # below this");
      }
    }
  }

  void dropped(const Level& level, const Directive& handler, const Lines& lines,
               const Directive& outer) {
    const bool is_told_lies =
        is_proxy(handler)
            ? !sets(lines, outer.argument(0))
            : std::any_of(lines.begin(), lines.end(), [](const auto* line) {
                return line->argument(0) == "REMOTE_USER" && Identity::is_the_visitors_word(*line);
              });
    const Place place = lines.empty() ? level.place() : lines.front()->place;
    add(is_told_lies ? Weight::open : Weight::warning, "identity-dropped", place,
        is_told_lies
            ? fmt::format("{} passes for anybody: `{}` has lines of its own and drops `{}` ({})",
                          auth_request_of(level) ? "whoever is in" : "everyone", level.text(),
                          outer.text(), to_string(outer.place))
            : fmt::format(
                  "the application learns no name: `{}` has lines of its own and drops `{}` ({})",
                  level.text(), outer.text(), to_string(outer.place)),
        snippet_for(handler));
  }

  /// `unset` are the lines of other locations whose headers are not set here.
  void missing(const Level& level, const Directive& handler, const Lines& unset, bool is_told) {
    if (unset.empty()) return;
    const Directive& first = *unset.front();
    add(Weight::open, "identity-missing", level.place(),
        fmt::format(
            "{} passes for anybody in this application, by a header {} of their own: elsewhere "
            "({}) it is nginx who sets it",
            auth_request_of(level) ? "whoever is in" : "everyone", headers_of(unset),
            to_string(first.place)),
        is_told ? fmt::format("{} {} {};", first.name, first.argument(0), first.argument(1))
                : std::string(snippet_for(handler)));
  }

  void add(Weight weight, const char* rule, const Place& place, std::string what,
           std::string mend) {
    inspection_.findings.add({weight, rule, place, std::move(what), std::move(mend)});
  }

  const Inspection& inspection_;
  Identity identity_;
  /// The lines that tell an application who the visitor is, one for each header, by the
  /// application's server.
  std::map<std::string, Lines> told_;
};

}  // namespace

void look_for_lost_identity(const Inspection& inspection) {
  if (!inspection.guarded.empty()) LostIdentity(inspection).look();
}

}  // namespace gatehouse::nginx
